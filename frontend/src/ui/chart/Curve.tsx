import { lazy, Suspense } from 'react'
import { Waiting } from '@/ui/state/States'
import classes from './StackedBars.module.css'

const Canvas = lazy(() => import('./CurveCanvas'))

export type CurveProps = {
  /** What the chart shows, in words, for those who do not see it; the same figures stand in a table beside it. */
  label: string
  x: string
  y: string
  /** `most` is the height that none can pass; where it is reached, the point is proven. */
  points: { x: number; y: number; most: number }[]
  names: { reached: string; most: string }
}

/** One figure as another one grows, with the bound that it cannot pass. */
export function Curve(props: CurveProps) {
  return (
    <div className={classes.frame}>
      <Suspense fallback={<Waiting lines={3} />}>
        <Canvas {...props} />
      </Suspense>
    </div>
  )
}

import { lazy, Suspense } from 'react'
import { Waiting } from '@/ui/state/States'
import classes from './StackedBars.module.css'

const Canvas = lazy(() => import('./BarCanvas'))

export type BarsProps = {
  /** What the chart shows, in words, for those who do not see it; the same figures stand in a table beside it. */
  label: string
  unit: string
  bars: string[]
  series: { name: string; values: number[] }[]
  /** The parts beside one another instead of upon one another: for comparing, not for adding. */
  beside?: boolean
}

/** A few bars, each the sum of its parts. */
export function StackedBars(props: BarsProps) {
  return (
    <div className={classes.frame}>
      <Suspense fallback={<Waiting lines={3} />}>
        <Canvas {...props} />
      </Suspense>
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { QueryView } from '@/ui/state/QueryView'
import { Waiting } from '@/ui/state/States'
import classes from './ChinaMap.module.css'
import { shapesQuery } from './shapes'

const Canvas = lazy(() => import('./MapCanvas'))

export type RegionKind = 'deep_open' | 'poor_open' | 'deep_covered' | 'poor_covered'

export type MapArc = {
  id: string
  from: [number, number]
  to: [number, number]
  /** Confirmed by both sides: a full line instead of a dashed one. */
  confirmed: boolean
  /** Merely tried: it would come. */
  tried?: boolean
}

export type MapProps = {
  /** What the map shows, in words, for those who do not see it. */
  label: string
  regions: ReadonlyMap<string, RegionKind>
  arcs: readonly MapArc[]
  /** The one arc that is looked at. */
  selected?: MapArc | null
  /** Lines of the tooltip of a county. */
  describe?: (code: string, name: string) => string[] | undefined
  onSelect?: (code: string) => void
}

/** The county map of China. It is drawn on a canvas: every page that shows it offers the same content as a table. */
export function ChinaMap(props: MapProps) {
  const shapes = useQuery(shapesQuery)
  return (
    <div className={classes.map}>
      <QueryView query={shapes} waiting={<Waiting lines={8} />} fill>
        {data => (
          <Suspense fallback={<Waiting lines={8} />}>
            <Canvas {...props} shapes={data} />
          </Suspense>
        )}
      </QueryView>
    </div>
  )
}

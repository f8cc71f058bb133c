import { queryOptions } from '@tanstack/react-query'
import type { FeatureCollection, MultiLineString, MultiPolygon, Position } from 'geojson'
import { feature, mesh } from 'topojson-client'
import type { GeometryCollection, MultiLineString as TopoLine, Topology } from 'topojson-specification'
import { Unreachable } from '@/api/problem'
import { project } from './projection'

type MapTopology = Topology<{ counties: GeometryCollection<{ name?: string }>; line: TopoLine }>

/** In the projected plane (kilometres), so that nothing is projected again while people pan and zoom. */
export type Shapes = {
  counties: FeatureCollection<MultiPolygon, { code: string; name: string }>
  provinceBorders: Position[][]
  claimLine: Position[][]
}

const provinceOf = (geometry: { id?: string | number }): string => String(geometry.id).slice(0, 2)

/** Counties by code, the borders between provinces and the coast, and the line in the South China Sea. */
export function shapesOf(topology: MapTopology): Shapes {
  const { counties, line } = topology.objects
  const collection = feature(topology, counties) as unknown as Shapes['counties']
  for (const one of collection.features) {
    one.properties = { code: String(one.id), name: one.properties?.name ?? '' }
    one.geometry = {
      type: 'MultiPolygon',
      coordinates: one.geometry.coordinates.map(polygon => polygon.map(ring => ring.map(project))),
    }
  }
  const borders = mesh(topology, counties, (a, b) => a === b || provinceOf(a) !== provinceOf(b)) as MultiLineString
  return {
    counties: collection,
    provinceBorders: borders.coordinates.map(path => path.map(project)),
    claimLine: (feature(topology, line).geometry as MultiLineString).coordinates.map(path => path.map(project)),
  }
}

export const shapesQuery = queryOptions({
  queryKey: ['map', 'china'],
  queryFn: async ({ signal }) => {
    const answer = await fetch('/map/china.json', { signal }).catch(error => {
      throw error instanceof DOMException ? error : new Unreachable(String(error))
    })
    if (!answer.ok) throw new Unreachable(`map: ${answer.status}`)
    return shapesOf((await answer.json()) as MapTopology)
  },
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
})

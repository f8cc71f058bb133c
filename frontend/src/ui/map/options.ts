import type { EChartsCoreOption } from 'echarts/core'
import type { Position } from 'geojson'
import type { Token } from '@/ui/theme/tokens'
import type { MapArc, RegionKind } from './ChinaMap'
import { project } from './projection'
import type { Shapes } from './shapes'

/** Not "china": under that name ECharts would add shapes of its own. */
export const MAP = 'xieshou-counties'
export const SOUTHERN_MAP = 'xieshou-southern-counties'

type Tokens = Record<Token, string>

type Base = {
  shapes: Shapes
  regions: ReadonlyMap<string, RegionKind>
  tokens: Tokens
  phone: boolean
  describe: (code: string, name: string) => string[] | undefined
}

const FILL: Record<RegionKind, Token> = {
  deep_open: 'mapDeep',
  poor_open: 'mapPoor',
  deep_covered: 'mapCoveredDeep',
  poor_covered: 'mapCovered',
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, letter => `&#${letter.charCodeAt(0)};`)

// The mainland fills the frame; what lies further south is drawn in the inset, whole, as official maps do.
const MAINLAND = frame([73.4, 39.5], [121.3, 53.7], [135.2, 48.4], [109.6, 17.9])
const SOUTH_SEA = frame([105.5, 24.8], [125.5, 24.8], [125.5, 2.8], [105.5, 2.8])

/** The corners (north-west, south-east) of the plane's rectangle around some places. */
function frame(...places: [number, number][]): [number, number][] {
  const xs = places.map(place => project(place)[0])
  const ys = places.map(place => project(place)[1])
  return [
    [Math.min(...xs), Math.max(...ys)],
    [Math.max(...xs), Math.min(...ys)],
  ]
}

/** The counties that the inset shows; the others would only be drawn to be cut away. */
export function southern(counties: Shapes['counties']): Shapes['counties'] {
  const north = SOUTH_SEA[0]?.[1] ?? 0
  const reaches = (ring: Position[] | undefined): boolean => (ring ?? []).some(([, y = 0]) => y < north)
  return {
    ...counties,
    features: counties.features.filter(({ geometry }) => geometry.coordinates.some(polygon => reaches(polygon[0]))),
  }
}

const lines = (paths: Position[][]) => paths.map(coords => ({ coords }))

/** Land, borders, the claim line and the inset: what does not change while people look at it. */
export function baseOption({ shapes, regions, tokens, phone, describe }: Base): EChartsCoreOption {
  const names = new Map(shapes.counties.features.map(({ properties }) => [properties.code, properties.name]))
  const ground = {
    map: MAP,
    nameProperty: 'code',
    aspectScale: 1, // the shapes are projected already
    preserveAspect: 'contain',
    selectedMode: false,
    itemStyle: { areaColor: tokens.mapLand, borderColor: tokens.mapEdge, borderWidth: 0.4 },
    regions: [...regions].map(([name, kind]) => ({ name, itemStyle: { areaColor: tokens[FILL[kind]] } })),
  }
  const still = { type: 'lines', coordinateSystem: 'geo', polyline: true, silent: true, animation: false }
  return {
    animation: false,
    tooltip: {
      trigger: 'item',
      confine: true,
      transitionDuration: 0,
      backgroundColor: tokens.surface,
      borderColor: tokens.line,
      textStyle: { color: tokens.ink, fontSize: 13 },
      formatter: ({ name }: { name: string }) => {
        const words = describe(name, names.get(name) ?? '')
        return words ? words.map(escapeHtml).join('<br>') : escapeHtml(names.get(name) ?? '')
      },
    },
    geo: [
      {
        id: 'main',
        ...ground,
        boundingCoords: MAINLAND,
        left: 8,
        right: 8,
        top: 8,
        bottom: 8,
        roam: phone ? false : 'move',
        scaleLimit: { min: 1, max: 12 },
        label: { show: false },
        emphasis: { label: { show: false }, itemStyle: { areaColor: null, borderColor: tokens.ink, borderWidth: 1.2 } },
        tooltip: { show: true },
      },
      {
        id: 'inset',
        ...ground,
        map: SOUTHERN_MAP,
        boundingCoords: SOUTH_SEA,
        clip: true,
        silent: true,
        right: phone ? 8 : 16,
        bottom: phone ? 8 : 16,
        width: phone ? 62 : 92,
        height: phone ? 76 : 112,
      },
    ],
    series: [
      {
        ...still,
        id: 'provinces',
        geoIndex: 0,
        zlevel: 0,
        z: 3,
        lineStyle: { color: tokens.mapProvince, width: 0.8, opacity: 0.75 },
        data: lines(shapes.provinceBorders),
      },
      ...[0, 1].map(geoIndex => ({
        ...still,
        id: `claim-${geoIndex}`,
        geoIndex,
        z: 3,
        lineStyle: { color: tokens.mapClaim, width: geoIndex === 0 ? 1.6 : 1.4, opacity: 1 },
        data: lines(shapes.claimLine),
      })),
      { id: 'arcs', type: 'lines', coordinateSystem: 'geo', geoIndex: 0, data: [] },
      { id: 'selected', type: 'lines', coordinateSystem: 'geo', geoIndex: 0, data: [] },
      { id: 'ends', type: 'scatter', coordinateSystem: 'geo', geoIndex: 0, data: [] },
    ],
  }
}

const ends = (arc: MapArc) => [project(arc.from), project(arc.to)]

/** Arcs from helper to recipient, and the one that is looked at on top of them. */
/** What is tried stands out; all others step back behind the one that is looked at. */
function lineOf(arc: MapArc, behind: boolean, tokens: Tokens) {
  if (arc.tried) return { color: tokens.ok, width: 2.4, type: 'solid', opacity: 0.95 }
  const ground = arc.confirmed
    ? { width: 1.4, type: 'solid', opacity: 0.75 }
    : { width: 1, type: 'dashed', opacity: 0.5 }
  return { color: tokens.mapArc, ...ground, ...(behind ? { opacity: 0.16 } : {}) }
}

export function arcsOption(arcs: readonly MapArc[], selected: MapArc | null, tokens: Tokens): EChartsCoreOption {
  const drawn = { type: 'lines', coordinateSystem: 'geo', geoIndex: 0, silent: true, animation: false }
  return {
    series: [
      {
        ...drawn,
        id: 'arcs',
        z: 4,
        data: arcs.map(arc => ({
          coords: ends(arc),
          lineStyle: { ...lineOf(arc, selected !== null, tokens), curveness: 0.18 },
        })),
      },
      {
        ...drawn,
        id: 'selected',
        z: 5,
        symbol: ['none', 'arrow'],
        symbolSize: 10,
        lineStyle: { color: tokens.mapArc, width: 2.5, opacity: 1, curveness: 0.18 },
        data: selected ? [{ coords: ends(selected) }] : [],
      },
      {
        id: 'ends',
        type: 'scatter',
        coordinateSystem: 'geo',
        geoIndex: 0,
        z: 6,
        silent: true,
        animation: false,
        symbolSize: 9,
        itemStyle: { color: tokens.mapArc, borderColor: tokens.surface, borderWidth: 2 },
        data: selected ? ends(selected) : [],
      },
    ],
  }
}

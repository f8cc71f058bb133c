import type { Coverage, Tier } from '@/api/types'
import type { MapArc, RegionKind } from '@/ui/map/ChinaMap'

export type CoverageLevel = 'confirmed' | 'recorded' | 'unverified' | 'none'
export const LEVELS: CoverageLevel[] = ['confirmed', 'recorded', 'unverified', 'none']

export function levelOf(county: Coverage): CoverageLevel {
  if (county.confirmed) return 'confirmed'
  if (county.recorded) return 'recorded'
  return county.unverified ? 'unverified' : 'none'
}

/** An unverified record colours nothing: it is no coverage. */
export function regionKinds(counties: readonly Coverage[]): Map<string, RegionKind> {
  return new Map(
    counties.map(county => [county.code, `${county.tier as Tier}_${county.recorded ? 'covered' : 'open'}` as const]),
  )
}

/** Pairs on record whose two ends are known; unverified ones are left to the table. */
export function arcsOf(counties: readonly Coverage[]): MapArc[] {
  return counties.flatMap(({ lon, lat, helpers }) =>
    helpers.flatMap(helper =>
      lon === null || lat === null || helper.lon === null || helper.lat === null || helper.status === 'UNVERIFIED'
        ? []
        : [
            {
              id: String(helper.pairing),
              from: [helper.lon, helper.lat] as [number, number],
              to: [lon, lat] as [number, number],
              confirmed: helper.confirmed,
            },
          ],
    ),
  )
}

import { FIRMS_VILLAGES } from '@/api/reference'
import type { Comparison, Run, Spread } from '@/api/types'

/** What the recipients of a run are called, as a key of the words. */
export function placesOf(run: Pick<Run, 'channel'>): 'runs.gaps.places.villages' | 'runs.gaps.places.counties' {
  return run.channel === FIRMS_VILLAGES ? 'runs.gaps.places.villages' : 'runs.gaps.places.counties'
}

/** Whether it is the code of a county, a township or a village, not of a firm. */
export function isDivision(code: string): boolean {
  return /^\d{6}(\d{3}|\d{6})?$/.test(code)
}

/** The page of the county that a place is, or lies in. */
export function countyAddress(code: string): string {
  return `/counties/${code.slice(0, 6)}`
}

/** Why these runs cannot be compared, as a key of the words; null when they can. */
export function whyNotCompare(chosen: readonly Run[]): 'pick_two' | 'pick_channel' | null {
  const [a, b] = chosen
  if (!a || !b || chosen.length > 2) return 'pick_two'
  return a.channel === b.channel ? null : 'pick_channel'
}

/** The address of the comparison, the earlier run first. */
export function compareAddress(a: number, b: number): string {
  return `/runs/compare?a=${Math.min(a, b)}&b=${Math.max(a, b)}`
}

export type Line = {
  key: string
  a: number | null
  b: number | null
  /** Of how many, where the figure is a part. */
  of?: [number, number]
  kind: 'count' | 'score' | 'percent'
}

const tierOf = (spread: Spread, tier: string) => spread.tiers.find(one => one.tier === tier)

const share = (spread: Spread): number | null =>
  spread.pairs === 0 ? null : Math.round((spread.deep_pairs * 1000) / spread.pairs) / 10

/** The figures of both runs, one line each, in the order in which they matter. */
export function linesOf({ a, b, spread_a, spread_b }: Comparison): Line[] {
  const tiers = (['deep', 'poor'] as const).flatMap((tier): Line[] => {
    const [one, two] = [tierOf(spread_a, tier), tierOf(spread_b, tier)]
    if (!one && !two) return []
    const of: [number, number] = [one?.counties ?? 0, two?.counties ?? 0]
    return [{ key: tier, a: one?.covered ?? 0, b: two?.covered ?? 0, of, kind: 'count' }]
  })
  return [
    ...tiers,
    { key: 'pairs', a: spread_a.pairs, b: spread_b.pairs, kind: 'count' },
    { key: 'deep_share', a: share(spread_a), b: share(spread_b), kind: 'percent' },
    { key: 'coverage', a: a.coverage, b: b.coverage, kind: 'count' },
    { key: 'fit', a: a.fit, b: b.fit, kind: 'count' },
    { key: 'objective', a: a.objective, b: b.objective, kind: 'count' },
    { key: 'median', a: spread_a.median, b: spread_b.median, kind: 'score' },
    { key: 'lowest', a: spread_a.lowest, b: spread_b.lowest, kind: 'score' },
    { key: 'heaviest', a: spread_a.loads.length - 1, b: spread_b.loads.length - 1, kind: 'count' },
  ]
}

/** Counties with 0, 1, 2, … helpers, over all tiers. */
export function byHelpers(spread: Spread): number[] {
  const most = Math.max(...spread.tiers.map(tier => tier.helpers.length), 0)
  return Array.from({ length: most }, (_, at) => spread.tiers.reduce((sum, tier) => sum + (tier.helpers[at] ?? 0), 0))
}

/** Two rows of figures, as long as the longer one. */
export function padded(a: readonly number[], b: readonly number[]): [number[], number[]] {
  const length = Math.max(a.length, b.length)
  const fill = (row: readonly number[]) => Array.from({ length }, (_, at) => row[at] ?? 0)
  return [fill(a), fill(b)]
}

import type { CurvePoint } from '@/api/types'

export type Gain = { changes: number; gain: number; most: number; proven: boolean }

/** What each number of changes gains over the fewest that any choice needs. */
export function gainsOf(curve: readonly CurvePoint[]): Gain[] {
  const base = curve[0]?.objective ?? 0
  return curve.map(one => ({
    changes: one.changes,
    gain: one.objective - base,
    most: one.bound - base,
    proven: one.proven,
  }))
}

/** The fewest changes that gain this share (in percent) of all there is to gain; null where there is nothing. */
export function enoughFor(gains: readonly Gain[], percent: number): number | null {
  const all = gains.at(-1)?.gain ?? 0
  if (all <= 0) return null
  return gains.find(one => one.gain * 100 >= all * percent)?.changes ?? null
}

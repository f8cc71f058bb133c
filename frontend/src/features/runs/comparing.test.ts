import { describe, expect, it } from 'vitest'
import type { Comparison, Run, Spread } from '@/api/types'
import { byHelpers, compareAddress, linesOf, padded, whyNotCompare } from './comparing'

const run = (id: number, channel = 'county_pairing') =>
  ({ id, channel, coverage: id, fit: 2 * id, objective: 3 * id }) as Run
const spread: Spread = {
  tiers: [
    { tier: 'deep', counties: 3, covered: 2, helpers: [1, 1, 1] },
    { tier: 'poor', counties: 4, covered: 3, helpers: [1, 3] },
  ],
  bands: [0, 0, 0, 0, 0, 1, 5, 0, 0, 0],
  loads: [0, 2, 2],
  lowest: 5200,
  median: 6100,
  pairs: 6,
  deep_pairs: 3,
}

describe('choosing runs to compare', () => {
  it('takes two of one channel, the earlier first', () => {
    expect(whyNotCompare([run(1)])).toBe('pick_two')
    expect(whyNotCompare([run(1), run(2), run(3)])).toBe('pick_two')
    expect(whyNotCompare([run(1), run(2, 'paired_aid')])).toBe('pick_channel')
    expect(whyNotCompare([run(9), run(2)])).toBeNull()
    expect(compareAddress(9, 2)).toBe('/runs/compare?a=2&b=9')
  })
})

describe('the figures of two runs', () => {
  const other: Spread = { ...spread, tiers: spread.tiers.slice(1), pairs: 0, deep_pairs: 0, lowest: null, median: null }
  const told = { a: run(1), b: run(2), spread_a: spread, spread_b: other } as Comparison
  const lines = new Map(linesOf(told).map(line => [line.key, line]))

  it('say of how many counties they speak', () => {
    expect(lines.get('deep')).toMatchObject({ a: 2, b: 0, of: [3, 0] })
    expect(lines.get('poor')).toMatchObject({ a: 3, b: 3, of: [4, 4] })
  })
  it('leave unknown what there is not', () => {
    expect(lines.get('deep_share')).toMatchObject({ a: 50, b: null })
    expect(lines.get('lowest')).toMatchObject({ a: 5200, b: null })
  })
  it('count counties of all tiers by their helpers, over the same range', () => {
    expect(byHelpers(spread)).toEqual([2, 4, 1])
    expect(padded(byHelpers(spread), byHelpers(other))).toEqual([
      [2, 4, 1],
      [1, 3, 0],
    ])
  })
})

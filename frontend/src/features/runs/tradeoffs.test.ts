import { describe, expect, it } from 'vitest'
import { enoughFor, gainsOf } from './tradeoffs'

const point = (changes: number, objective: number, bound = objective) => ({
  changes,
  objective,
  bound,
  proven: objective === bound,
})
const curve = [point(3, 1000), point(4, 1800), point(5, 1880, 1890), point(6, 2000)]

describe('the gain of further changes', () => {
  it('begins with the fewest changes that any choice needs', () => {
    expect(gainsOf(curve).map(one => [one.changes, one.gain, one.most, one.proven])).toEqual([
      [3, 0, 0, true],
      [4, 800, 800, true],
      [5, 880, 890, false],
      [6, 1000, 1000, true],
    ])
  })
  it('says how few changes gain most of it', () => {
    expect(enoughFor(gainsOf(curve), 80)).toBe(4)
    expect(enoughFor(gainsOf(curve), 90)).toBe(6)
    expect(enoughFor(gainsOf([point(3, 1000)]), 90)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { rebalance, spread, total } from './weights'

describe('rebalancing weights', () => {
  it('takes from the others in proportion', () => {
    expect(rebalance({ a: 20, b: 40, c: 40 }, 'a', 40)).toEqual({ a: 40, b: 30, c: 30 })
  })
  it('adds up to 100 after every move, with whole non-negative percents', () => {
    let weights = spread(['a', 'b', 'c', 'd', 'e', 'f'])
    for (let step = 0; step < 500; step++) {
      const key = 'abcdef'[(step * 7) % 6] as string
      weights = rebalance(weights, key, (step * 37) % 101)
      expect(total(weights)).toBe(100)
      for (const value of Object.values(weights)) {
        expect(Number.isInteger(value)).toBe(true)
        expect(value).toBeGreaterThanOrEqual(0)
      }
    }
  })
  it('spreads the slack evenly when all others are at zero', () => {
    expect(rebalance({ a: 100, b: 0, c: 0 }, 'a', 40)).toEqual({ a: 40, b: 30, c: 30 })
  })
  it('keeps to the range', () => {
    expect(rebalance({ a: 50, b: 50 }, 'a', 140)).toEqual({ a: 100, b: 0 })
    expect(rebalance({ a: 50, b: 50 }, 'a', -3)).toEqual({ a: 0, b: 100 })
    expect(rebalance({ a: 10 }, 'a', 3)).toEqual({ a: 100 })
  })
  it('keeps the order of the reasons', () => {
    expect(Object.keys(rebalance({ c: 30, a: 30, b: 40 }, 'a', 0))).toEqual(['c', 'a', 'b'])
  })
})

describe('spreading evenly', () => {
  it('gives the odd percents to the first', () => {
    expect(spread(['a', 'b', 'c'])).toEqual({ a: 34, b: 33, c: 33 })
  })
})

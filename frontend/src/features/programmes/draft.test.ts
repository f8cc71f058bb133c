import { describe, expect, it } from 'vitest'
import { changesBetween, contentOf, draftOf, faultsOf, withCure } from './draft'

const first = draftOf(null)

describe('a draft of a policy', () => {
  it('starts from settings that the platform takes', () => {
    expect(faultsOf(first)).toEqual([])
    expect(Object.values(first.weights).reduce((a, b) => a + b, 0)).toBe(100)
  })
  it('counts what differs', () => {
    expect(changesBetween(first, first)).toBe(0)
    expect(
      changesBetween(first, {
        ...first,
        helper_max: 5,
        prefer_near: false,
        coverage_deep: [1],
        stability: 9,
        four_eyes: true,
      }),
    ).toBe(5)
  })
  it('takes a cure up as exceptions, one a county', () => {
    const raised = { side: 'HELPER', code: '120110', name: '东丽区', end: 'max', was: 1, to: 2, zh: '', en: '' }
    const lowered = { ...raised, end: 'min', to: 0 }
    const exceptions = withCure(withCure([], [raised]), [lowered])
    expect(exceptions).toEqual([{ side: 'HELPER', code: '120110', name: '东丽区', min: 0, max: 2 }])
    expect(changesBetween(first, { ...first, exceptions })).toBe(1)
    expect(contentOf('county_pairing', { ...first, exceptions }).exceptions).toEqual([
      { side: 'HELPER', code: '120110', min: 0, max: 2 },
    ])
  })
  it('names a least above the most, and coverage that rises', () => {
    expect(faultsOf({ ...first, recipient_min: 3, recipient_max: 2 })).toEqual([
      { field: 'recipient_min', kind: 'order' },
    ])
    expect(faultsOf({ ...first, coverage_poor: [1, 2] })).toEqual([{ field: 'coverage_poor', kind: 'coverage' }])
  })
})

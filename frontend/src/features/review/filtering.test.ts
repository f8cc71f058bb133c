import { describe, expect, it } from 'vitest'
import { decided, suggestion } from '@/testing/suggestions'
import { arcOf, canBeMarked, matching, queryOf, regionsOf, standingOf, stepFrom, tally } from './filtering'

const rows = [
  suggestion(1),
  suggestion(2, { tier: 'poor', decision: decided('ACCEPTED') }),
  suggestion(3, { decision: decided('REFUSED') }),
  suggestion(4, { state: 'LOCKED' }),
]
const unconfirmed = suggestion(12, { decision: decided('ACCEPTED'), awaits_second: true })
const published = suggestion(11, { decision: decided('ACCEPTED'), is_published: true })
const all = { standing: '', tier: '', province: '', regret: '', changed: '', assigned: '', found: null } as const

describe('filters of the review', () => {
  it('know where a suggestion stands', () => {
    expect(rows.map(standingOf)).toEqual(['OPEN', 'ACCEPTED', 'REFUSED', 'LOCKED'])
    expect(tally([...rows, unconfirmed, published])).toEqual({
      OPEN: 1,
      AWAITS_SECOND: 1,
      ACCEPTED: 1,
      PUBLISHED: 1,
      REFUSED: 1,
      LOCKED: 1,
    })
  })
  it('let open and accepted ones be chosen together, and nothing that is done', () => {
    expect([...rows, unconfirmed, published].filter(canBeMarked).map(one => one.id)).toEqual([1, 2, 12])
  })
  it('may be combined', () => {
    expect(matching(rows, { ...all, standing: 'OPEN' }).map(one => one.id)).toEqual([1])
    expect(matching(rows, { ...all, tier: 'poor' }).map(one => one.id)).toEqual([2])
    expect(matching(rows, { ...all, province: '云南省' })).toEqual([])
    const asked = [suggestion(5, { regret: 0 }), suggestion(6, { regret: 12 }), suggestion(7, { indispensable: true })]
    expect(matching([...rows, ...asked], { ...all, regret: 'SOME' }).map(one => one.id)).toEqual([6])
    expect(matching([...rows, ...asked], { ...all, regret: 'INDISPENSABLE' }).map(one => one.id)).toEqual([7])
    const moved = [suggestion(8, { changed: true }), suggestion(9, { changed: false }), suggestion(10)]
    expect(matching(moved, { ...all, changed: 'true' }).map(one => one.id)).toEqual([8])
    expect(matching(moved, { ...all, changed: 'false' }).map(one => one.id)).toEqual([9])
    const given = [suggestion(13, { assignee: '乙', assigned_to_me: true }), suggestion(14, { assignee: '丙' })]
    expect(matching([...given, ...rows], { ...all, assigned: 'MINE' }).map(one => one.id)).toEqual([13])
    expect(matching([...given, ...rows], { ...all, assigned: 'NOBODY' }).map(one => one.id)).toEqual([1, 2, 3, 4])
    expect(matching(rows, { ...all, found: new Set([3, 4]), tier: 'deep' }).map(one => one.id)).toEqual([3, 4])
  })
})

describe('the file of the review', () => {
  it('asks the API for what the filters show', () => {
    const province = rows[0]?.recipient.province ?? ''
    expect(
      queryOf(rows, { standing: 'OPEN', tier: '', province, regret: '', changed: '', assigned: '' }, '长顺'),
    ).toEqual({
      decision: 'OPEN',
      province: `${rows[0]?.recipient.code.slice(0, 2)}0000`,
      search: '长顺',
    })
    expect(
      queryOf(rows, { standing: 'LOCKED', tier: 'deep', province: '', regret: '', changed: '', assigned: '' }, ''),
    ).toEqual({
      state: 'LOCKED',
      tier: 'deep',
    })
  })
})

describe('moving through the list', () => {
  it('stays at the ends and starts at the top', () => {
    expect(stepFrom(rows, 1, -1)?.id).toBe(1)
    expect(stepFrom(rows, 1, 1)?.id).toBe(2)
    expect(stepFrom(rows, 4, 1)?.id).toBe(4)
    expect(stepFrom(rows, null, 1)?.id).toBe(1)
    expect(stepFrom([], null, 1)).toBeUndefined()
  })
})

describe('the map of the review', () => {
  it('draws a full arc once a pair is accepted', () => {
    expect(rows.map(one => arcOf(one)?.confirmed)).toEqual([false, true, false, true])
  })
  it('leaves out what lies nowhere', () => {
    expect(arcOf(suggestion(1, { helper: { ...suggestion(1).helper, area: null } }))).toBeNull()
  })
  it('colours a county as covered when one of its pairs is', () => {
    const twice = [suggestion(1, { state: 'LOCKED' }), suggestion(2, { recipient: suggestion(1).recipient })]
    expect(regionsOf(twice).get('62011')).toBe('deep_covered')
  })
})

import { describe, expect, it } from 'vitest'
import type { Coverage } from '@/api/types'
import { arcsOf, levelOf, regionKinds } from './coverage'

const helper = { pairing: 7, name: '甲县', code: '120101', lon: 117, lat: 39, status: 'PROPOSED', confirmed: false }
const county = (change: Partial<Coverage>): Coverage => ({
  code: '522729',
  name: '长顺县',
  lon: 106,
  lat: 26,
  tier: 'deep',
  recorded: false,
  confirmed: false,
  unverified: false,
  helpers: [],
  ...change,
})

describe('how a county is covered', () => {
  it('takes the strongest statement there is', () => {
    expect(levelOf(county({ recorded: true, confirmed: true, unverified: true }))).toBe('confirmed')
    expect(levelOf(county({ recorded: true, unverified: true }))).toBe('recorded')
    expect(levelOf(county({ unverified: true }))).toBe('unverified')
    expect(levelOf(county({}))).toBe('none')
  })
  it('does not colour a county by an unverified record', () => {
    expect(regionKinds([county({ unverified: true })]).get('522729')).toBe('deep_open')
    expect(regionKinds([county({ recorded: true, tier: 'poor' })]).get('522729')).toBe('poor_covered')
  })
})

describe('arcs', () => {
  it('join the two ends of each pair on record', () => {
    expect(arcsOf([county({ helpers: [helper] })])).toEqual([
      { id: '7', from: [117, 39], to: [106, 26], confirmed: false },
    ])
  })
  it('leave out what is unverified or lies nowhere', () => {
    expect(arcsOf([county({ helpers: [{ ...helper, status: 'UNVERIFIED' }] })])).toEqual([])
    expect(arcsOf([county({ helpers: [{ ...helper, lon: null }] })])).toEqual([])
    expect(arcsOf([county({ lat: null, helpers: [helper] })])).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { placeOf } from './place'

describe('where a village lies', () => {
  it('is its full name without its own', () => {
    expect(placeOf({ name: '下洼子村', full_name: '河北省承德市隆化县隆化镇下洼子村' })).toBe(
      '河北省承德市隆化县隆化镇',
    )
  })
  it('is the full name where that does not end so', () => {
    expect(placeOf({ name: '旧村', full_name: '河北省承德市新村' })).toBe('河北省承德市新村')
  })
})

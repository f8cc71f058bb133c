import { describe, expect, it } from 'vitest'
import { addressOf, nameIn } from './files'

describe('the file of a list', () => {
  it('is asked for with the filters of the list and without its pages', () => {
    const asked = { status: ['AGREED', 'ENDED'], confirmed: false, search: undefined, page: 3, page_size: 50 }
    expect(addressOf('/api/pairings', asked)).toBe('/api/pairings?status=AGREED&status=ENDED&confirmed=false')
  })
  it('keeps the Chinese name it was given', () => {
    expect(nameIn("attachment; filename*=UTF-8''%E7%BB%93%E5%AF%B9.xlsx")).toBe('结对.xlsx')
    expect(nameIn(null)).toBeUndefined()
  })
})

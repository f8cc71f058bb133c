import { describe, expect, it } from 'vitest'
import { IdempotencyKeys } from './idempotency'

describe('idempotency keys', () => {
  it('stay the same for the same content, so that a retry is recognised', () => {
    const keys = new IdempotencyKeys()
    expect(keys.for({ amount: '1.00' })).toBe(keys.for({ amount: '1.00' }))
  })
  it('differ for other content and for another form', () => {
    const keys = new IdempotencyKeys()
    expect(keys.for({ amount: '1.00' })).not.toBe(keys.for({ amount: '2.00' }))
    expect(keys.for({ amount: '1.00' })).not.toBe(new IdempotencyKeys().for({ amount: '1.00' }))
  })
  it('fit what the API takes: 8 to 100 characters', () => {
    expect(new IdempotencyKeys().for(1)).toMatch(/^[0-9a-f]{32}$/)
  })
})

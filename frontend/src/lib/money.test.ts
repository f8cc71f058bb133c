import { describe, expect, it } from 'vitest'
import { difference, fenOfYuan, formatWan, headline, share, spellYuan, wanToYuan, yuanToWan } from './money'

describe('yuan to 万元', () => {
  it.each([
    ['0.00', '0'],
    ['10000.00', '1'],
    ['1234500.00', '123.45'],
    ['0.01', '0.000001'],
    ['9999999999999999.99', '999999999999.999999'],
    ['-5000.50', '-0.50005'],
  ])('reads %s yuan as %s 万元 without losing a fen', (yuan, wan) => {
    expect(yuanToWan(yuan)).toBe(wan)
  })

  it('throws for what the API never sends', () => {
    expect(() => fenOfYuan('1e5')).toThrow(RangeError)
    expect(() => fenOfYuan('1.005')).toThrow('not an amount of yuan: 1.005')
  })

  it('groups thousands and drops trailing zeros', () => {
    expect(formatWan('12345678900.00')).toBe('1,234,567.89')
    expect(formatWan('120000000.00')).toBe('12,000')
  })
})

describe('万元 to yuan', () => {
  it.each([
    ['1', '10000.00'],
    ['0.000001', '0.01'],
    ['123.45', '1234500.00'],
    [' 1,200.5 ', '12005000.00'],
    ['1，200', '12000000.00'],
    ['1000000', '10000000000.00'],
    ['0.1', '1000.00'],
    ['5.', '50000.00'],
  ])('reads %s 万元 as %s yuan', (wan, yuan) => {
    expect(wanToYuan(wan)).toEqual({ yuan })
  })

  it.each([
    ['', 'empty'],
    ['一百', 'not_a_number'],
    ['1e3', 'not_a_number'],
    ['0.0000001', 'too_fine'],
    ['0', 'not_positive'],
    ['-1', 'not_positive'],
    ['1000000.000001', 'too_large'],
  ])('refuses %s as %s', (wan, fault) => {
    expect(wanToYuan(wan)).toEqual({ fault })
  })

  it('gives back what it was given, for amounts that binary floating point cannot hold', () => {
    for (const yuan of ['0.10', '0.30', '1000000.07', '9007199254740.93', '4503599627.01']) {
      const back = wanToYuan(yuanToWan(yuan))
      if ('yuan' in back) expect(back.yuan).toBe(yuan)
      else expect(back.fault).toBe('too_large')
    }
  })
})

describe('headline figures', () => {
  it('stays in 万元 below one 亿 and rounds half up to 0.01 亿 above', () => {
    expect(headline('99999999.00')).toEqual({ figure: '9,999.9999', unit: 'wan' })
    expect(headline('100000000.00')).toEqual({ figure: '1.00', unit: 'yi' })
    expect(headline('123456789000.00')).toEqual({ figure: '1,234.57', unit: 'yi' })
    expect(headline('100500000.00')).toEqual({ figure: '1.01', unit: 'yi' })
  })
})

describe('shares and differences', () => {
  it('calls nothing 100 % that is not all of it', () => {
    expect(share('99.99', '100.00')).toBe(99)
    expect(share('100.00', '100.00')).toBe(100)
    expect(share('1.00', '0.00')).toBeNull()
  })
  it('subtracts exactly', () => {
    expect(difference('0.30', '0.10')).toBe('0.20')
    expect(difference('1.00', '2.50')).toBe('-1.50')
  })
  it('spells an amount in full yuan', () => {
    expect(spellYuan('1234500.00')).toBe('1,234,500')
    expect(spellYuan('1234500.50')).toBe('1,234,500.5')
  })
})

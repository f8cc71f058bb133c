import { describe, expect, it } from 'vitest'
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDate,
  formatMeasure,
  formatScore,
  formatSeconds,
  formatTime,
  percent,
  today,
} from './format'

describe('dates', () => {
  it('are those of Shanghai, whatever the reader’s zone', () => {
    expect(formatDate('2020-12-31T16:30:00Z')).toBe('2021-01-01')
    expect(formatTime('2020-12-31T16:30:00Z')).toBe('2021-01-01 00:30')
    expect(today(new Date('2020-12-31T16:30:00Z'))).toBe('2021-01-01')
  })
  it('pass through when they carry no time', () => {
    expect(formatDate('2020-03-01')).toBe('2020-03-01')
  })
})

describe('how long ago', () => {
  const now = new Date('2020-06-10T12:00:00Z')
  it.each([
    ['2020-06-10T11:59:40Z', '此刻'],
    ['2020-06-10T11:20:00Z', '40分钟前'],
    ['2020-06-10T09:00:00Z', '3小时前'],
    ['2020-06-01T12:00:00Z', '9天前'],
  ])('reads %s in Chinese', (iso, words) => {
    expect(formatAgo(iso, 'zh-Hans', now)).toBe(words)
  })
  it('reads in English', () => {
    expect(formatAgo('2020-06-08T12:00:00Z', 'en', now)).toBe('2 days ago')
  })
})

describe('figures', () => {
  it('groups thousands', () => {
    expect(formatCount(1234567)).toBe('1,234,567')
    expect(formatMeasure('8521.5000')).toBe('8,521.5')
  })
  it('rounds percentages down, so that only all of it is 100 %', () => {
    expect(percent(831, 832)).toBe(99)
    expect(percent(832, 832)).toBe(100)
    expect(percent(0, 0)).toBeNull()
  })
  it('names sizes, durations and scores', () => {
    expect(formatBytes(0)).toBe('0 B')
    expect(formatBytes(999)).toBe('999 B')
    expect(formatBytes(1_250_000)).toBe('1.3 MB')
    expect(formatSeconds(0.346)).toBe('0.35 s')
    expect(formatSeconds(185)).toBe('3 min 5 s')
    expect(formatSeconds(8)).toBe('8 s')
    expect(formatScore(7345)).toBe('73.5')
  })
})

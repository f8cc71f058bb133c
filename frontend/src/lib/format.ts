/** Dates, counts and measured values as people read them, in the language of the page. */

const ZONE = 'Asia/Shanghai'

export type Language = 'zh-Hans' | 'en'

const cache = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>()

function cached<T extends Intl.DateTimeFormat | Intl.NumberFormat | Intl.RelativeTimeFormat>(
  key: string,
  make: () => T,
): T {
  const found = cache.get(key)
  if (found) return found as T
  const made = make()
  cache.set(key, made)
  return made
}

/** "2020-03-01" or "2020-03-01 14:05": the same figures in both languages, so that they sort and compare. */
export function formatDate(iso: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso)) return iso
  return cached('date', () => new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' })).format(
    new Date(iso),
  )
}

export function formatTime(iso: string): string {
  return cached(
    'time',
    () => new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' }),
  ).format(new Date(iso))
}

/** Today in the platform's time zone, as the API writes dates. */
export function today(now: Date = new Date()): string {
  return formatDate(now.toISOString())
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** "3 天前" / "3 days ago"; under a minute counts as this minute. */
export function formatAgo(iso: string, language: Language, now: Date = new Date()): string {
  const seconds = (new Date(iso).getTime() - now.getTime()) / 1000
  const relative = cached(`ago-${language}`, () => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }))
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit)
  }
  return relative.format(0, 'minute')
}

export function formatCount(value: number): string {
  return cached('count', () => new Intl.NumberFormat('en-US')).format(value)
}

/** A measured value with at most `digits` decimals; it arrives as a string and is only shown, never computed with. */
export function formatMeasure(value: string, digits = 2): string {
  return cached(`measure-${digits}`, () => new Intl.NumberFormat('en-US', { maximumFractionDigits: digits })).format(
    Number(value),
  )
}

/** Whole percent, rounded down, so that only all of it is 100 %; null when there is nothing to be a part of. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.floor((part * 100) / whole)
}

/** "1.2 kB": sizes of downloads. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}

/** "0.35 s", "12 s", "3 min 5 s". */
export function formatSeconds(seconds: number): string {
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(2)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/** Score points (0–10 000) on the 0–100 scale people read, one decimal. */
export function formatScore(points: number): string {
  return (points / 100).toFixed(1)
}

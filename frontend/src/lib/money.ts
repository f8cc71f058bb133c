/** Amounts travel as strings of yuan and are typed and shown in 万元: the one place where the two meet, in integers. */

const FEN_PER_YUAN = 100n
const YUAN_PER_WAN = 10_000n
const WAN_PER_YI = 10_000n
const FEN_PER_WAN = FEN_PER_YUAN * YUAN_PER_WAN

export type AmountFault = 'empty' | 'not_a_number' | 'too_fine' | 'not_positive' | 'too_large'

/** 100 亿元, the largest amount the platform takes. */
export const LARGEST_FEN = 10_000_000_000n * FEN_PER_YUAN

function parseDecimal(text: string, digits: number): bigint | null {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text.trim())
  if (!match) return null
  const [, sign, whole = '0', fraction = ''] = match
  const significant = fraction.replace(/0+$/, '')
  if (significant.length > digits) return null
  const value = BigInt(whole) * 10n ** BigInt(digits) + BigInt(significant.padEnd(digits, '0') || '0')
  return sign ? -value : value
}

function printDecimal(value: bigint, digits: number): string {
  const sign = value < 0n ? '-' : ''
  const padded = (value < 0n ? -value : value).toString().padStart(digits + 1, '0')
  const whole = padded.slice(0, padded.length - digits)
  const fraction = padded.slice(padded.length - digits)
  return `${sign}${whole}${fraction ? `.${fraction}` : ''}`
}

const trimZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)

const group = (text: string): string => {
  const [whole = '', fraction] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return fraction ? `${grouped}.${fraction}` : grouped
}

/** Fen of a yuan string such as "1234.50"; throws RangeError for anything the API would never send. */
export function fenOfYuan(yuan: string): bigint {
  const fen = parseDecimal(yuan, 2)
  if (fen === null) throw new RangeError(`not an amount of yuan: ${yuan}`)
  return fen
}

/** "1234500.00" yuan as "123.45" 万元, exactly. */
export function yuanToWan(yuan: string): string {
  return trimZeros(printDecimal(fenOfYuan(yuan), 6))
}

/** "123.45" 万元 as "1234500.00" yuan, exactly; the fault when it is no amount the platform takes. */
export function wanToYuan(wan: string): { yuan: string } | { fault: AmountFault } {
  const text = wan.replace(/[,，\s]/g, '')
  if (text === '') return { fault: 'empty' }
  if (!/^-?\d+(\.\d*)?$/.test(text)) return { fault: 'not_a_number' }
  const fen = parseDecimal(text, 6)
  if (fen === null) return { fault: 'too_fine' }
  if (fen <= 0n) return { fault: 'not_positive' }
  if (fen > LARGEST_FEN) return { fault: 'too_large' }
  return { yuan: printDecimal(fen, 2) }
}

/** Grouped 万元 with nothing rounded away: "123.45", "1,200". */
export function formatWan(yuan: string): string {
  return group(yuanToWan(yuan))
}

/** A headline figure and its unit: 亿元 from one 亿 on (two decimals, rounded half up), 万元 below (nothing rounded). */
export function headline(yuan: string): { figure: string; unit: 'yi' | 'wan' } {
  const fen = fenOfYuan(yuan)
  const magnitude = fen < 0n ? -fen : fen
  if (magnitude < FEN_PER_WAN * WAN_PER_YI) return { figure: formatWan(yuan), unit: 'wan' }
  const step = (FEN_PER_WAN * WAN_PER_YI) / 100n
  const hundredths = (magnitude + step / 2n) / step
  return { figure: group(printDecimal(fen < 0n ? -hundredths : hundredths, 2)), unit: 'yi' }
}

/** part ÷ whole in whole percent, rounded down so that only everything is 100; null when there is no whole. */
export function share(part: string, whole: string): number | null {
  const total = fenOfYuan(whole)
  return total === 0n ? null : Number((fenOfYuan(part) * 100n) / total)
}

/** a − b in yuan, exactly. */
export function difference(a: string, b: string): string {
  return printDecimal(fenOfYuan(a) - fenOfYuan(b), 2)
}

/** The same amount in full yuan, as a reading aid beside a typed 万元: "1,234,500". */
export function spellYuan(yuan: string): string {
  return group(trimZeros(printDecimal(fenOfYuan(yuan), 2)))
}

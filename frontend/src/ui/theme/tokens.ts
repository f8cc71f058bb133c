/** The colours of the house, once: CSS reads them as custom properties, antd and the map as values. */

export type Mode = 'light' | 'dark'

const light = {
  bg: '#f5f4f0',
  surface: '#ffffff',
  sunken: '#efede7',
  ink: '#17232b',
  ink2: '#47555f',
  ink3: '#5f6c75',
  line: '#dedbd2',
  lineStrong: '#8d8a80',
  primary: '#155e75',
  primaryHover: '#0f4a5d',
  onPrimary: '#ffffff',
  primarySoft: '#e2eef2',
  deep: '#a53a22',
  deepSoft: '#f9e8e2',
  poor: '#8a5a0c',
  poorSoft: '#f8eed8',
  ok: '#1f6b48',
  okSoft: '#e0f0e7',
  warn: '#855700',
  warnSoft: '#fcf0d6',
  danger: '#b0261d',
  dangerSoft: '#fbe7e5',
  mapLand: '#e7e4dc',
  mapDeep: '#cf6a4f',
  mapPoor: '#e3bd7e',
  mapCoveredDeep: '#2c7f73',
  mapCovered: '#77b3a3',
  mapEdge: '#ffffff',
  mapProvince: '#7d8a90',
  mapClaim: '#6b5a8e',
  mapArc: '#155e75',
} as const

export type Token = keyof typeof light

const dark: Record<Token, string> = {
  bg: '#0f161a',
  surface: '#172026',
  sunken: '#1f2a31',
  ink: '#e7edf0',
  ink2: '#b4c0c8',
  ink3: '#93a1ab',
  line: '#2c3940',
  lineStrong: '#6c7b85',
  primary: '#76c5dd',
  primaryHover: '#9bd8ea',
  onPrimary: '#06222b',
  primarySoft: '#15333e',
  deep: '#f2937c',
  deepSoft: '#3c221b',
  poor: '#e3b566',
  poorSoft: '#352a16',
  ok: '#74cba1',
  okSoft: '#163022',
  warn: '#e9bb62',
  warnSoft: '#352a14',
  danger: '#f48f86',
  dangerSoft: '#3f1e1c',
  mapLand: '#24313a',
  mapDeep: '#c4614a',
  mapPoor: '#a07c3f',
  mapCoveredDeep: '#4bb3a3',
  mapCovered: '#2f7d72',
  mapEdge: '#172026',
  mapProvince: '#8797a0',
  mapClaim: '#ab9bd0',
  mapArc: '#9bd8ea',
}

export const TOKENS: Record<Mode, Record<Token, string>> = { light, dark }

const cssName = (token: string): string => `--${token.replace(/[A-Z0-9]/g, letter => `-${letter.toLowerCase()}`)}`

/** Writes the tokens of a mode on the document: `ink2` becomes `--ink-2`. */
export function applyTokens(mode: Mode, root: HTMLElement = document.documentElement): void {
  for (const [token, value] of Object.entries(TOKENS[mode])) root.style.setProperty(cssName(token), value)
  root.dataset.theme = mode
  root.style.colorScheme = mode
}

export const FONT =
  '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", ' +
  '"WenQuanYi Micro Hei", system-ui, -apple-system, "Segoe UI", sans-serif'

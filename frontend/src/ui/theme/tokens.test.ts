import { describe, expect, it } from 'vitest'
import { applyTokens, type Mode, TOKENS, type Token } from './tokens'

function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/** WCAG 2.2, 1.4.3. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const TEXT: [Token, Token[]][] = [
  ['ink', ['bg', 'surface', 'sunken']],
  ['ink2', ['bg', 'surface', 'sunken']],
  ['ink3', ['bg', 'surface', 'sunken']],
  ['primary', ['bg', 'surface', 'sunken', 'primarySoft']],
  ['onPrimary', ['primary', 'primaryHover']],
  ['deep', ['surface', 'bg', 'deepSoft']],
  ['poor', ['surface', 'bg', 'poorSoft']],
  ['ok', ['surface', 'bg', 'okSoft']],
  ['warn', ['surface', 'bg', 'warnSoft']],
  ['danger', ['surface', 'bg', 'dangerSoft']],
]

describe.each<Mode>(['light', 'dark'])('the %s colours', mode => {
  const tokens = TOKENS[mode]
  it.each(TEXT.flatMap(([text, grounds]) => grounds.map(ground => [text, ground] as const)))(
    '%s reads on %s at 4.5 : 1 or better',
    (text, ground) => {
      expect(contrast(tokens[text], tokens[ground])).toBeGreaterThanOrEqual(4.5)
    },
  )
  it('outlines of controls stand out at 3 : 1 (WCAG 1.4.11)', () => {
    expect(contrast(tokens.lineStrong, tokens.surface)).toBeGreaterThanOrEqual(3)
  })
})

describe('applyTokens', () => {
  it('writes every token as a custom property and names the mode', () => {
    const root = document.createElement('div')
    applyTokens('dark', root)
    expect(root.style.getPropertyValue('--ink-2')).toBe(TOKENS.dark.ink2)
    expect(root.style.getPropertyValue('--primary-soft')).toBe(TOKENS.dark.primarySoft)
    expect(root.dataset.theme).toBe('dark')
  })
})

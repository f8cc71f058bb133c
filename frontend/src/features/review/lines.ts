import type { AreaIndicator, AreaProfile } from '@/api/types'

export type Line = Pick<AreaIndicator, 'code' | 'name_zh' | 'name_en' | 'unit'> & {
  helper: AreaIndicator | undefined
  recipient: AreaIndicator | undefined
}

/** Every measure that either side has, in the register's order: first those of the helper, then what only the other has. */
export function linesOf(helper: AreaProfile, recipient: AreaProfile): Line[] {
  const lines = new Map<string, Line>()
  for (const [side, profile] of [
    ['helper', helper],
    ['recipient', recipient],
  ] as const) {
    for (const indicator of profile.indicators) {
      const { code, name_zh, name_en, unit } = indicator
      const line = lines.get(code) ?? { code, name_zh, name_en, unit, helper: undefined, recipient: undefined }
      lines.set(code, { ...line, [side]: indicator })
    }
  }
  return [...lines.values()]
}

import { createContext, use, useEffect, useLayoutEffect, useState } from 'react'
import { useMedia } from '@/lib/media'
import { usePreferences } from '@/lib/preferences'
import { applyTokens, type Mode, TOKENS } from './tokens'

export const ModeContext = createContext<Mode>('light')

/** The colours in force, for what is drawn on a canvas and cannot read custom properties. */
export function useTokens() {
  return TOKENS[use(ModeContext)]
}

/** Light or dark, after the reader's choice and the machine's; paper is always light. */
export function useResolvedMode(): Mode {
  const machineIsDark = useMedia('(prefers-color-scheme: dark)')
  const { appearance } = usePreferences()
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    const before = () => setPrinting(true)
    const after = () => setPrinting(false)
    window.addEventListener('beforeprint', before)
    window.addEventListener('afterprint', after)
    return () => {
      window.removeEventListener('beforeprint', before)
      window.removeEventListener('afterprint', after)
    }
  }, [])
  const chosen: Mode = appearance === 'system' ? (machineIsDark ? 'dark' : 'light') : appearance
  const mode = printing ? 'light' : chosen
  useLayoutEffect(() => applyTokens(mode), [mode])
  return mode
}

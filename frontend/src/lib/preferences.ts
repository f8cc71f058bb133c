import { useSyncExternalStore } from 'react'
import type { Language } from './format'

/** What a reader chose for this browser; `system` follows the machine. */
export type Appearance = 'system' | 'light' | 'dark'

type Preferences = { appearance: Appearance; language: Language }

const KEY = 'xieshou.preferences'
const listeners = new Set<() => void>()

function read(): Preferences {
  const fallback: Preferences = { appearance: 'system', language: 'zh-Hans' }
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>
    return {
      appearance: ['light', 'dark'].includes(stored.appearance ?? '') ? (stored.appearance as Appearance) : 'system',
      language: stored.language === 'en' ? 'en' : 'zh-Hans',
    }
  } catch {
    return fallback // storage is off or holds something else: not worth a message
  }
}

let current = read()

export function preferences(): Preferences {
  return current
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change }
  try {
    localStorage.setItem(KEY, JSON.stringify(current))
  } catch {
    // private windows refuse storage; the choice then lasts for this visit
  }
  for (const listener of listeners) listener()
}

export function subscribePreferences(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribePreferences, preferences)
}

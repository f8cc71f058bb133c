import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { addressOf } from '@/api/files'
import type { Suggestion } from '@/api/types'
import { type Filters, useFilters } from '@/lib/filters'
import { matching, queryOf, STANDINGS, type Standing, stepFrom } from './filtering'
import { suggestionSearchQuery } from './queries'

const KEPT = ['selected'] as const

export type Review = {
  filters: Filters
  standing: Standing | ''
  shown: Suggestion[]
  selected: Suggestion | null
  select: (suggestion: Suggestion | undefined) => void
  step: (by: 1 | -1) => void
  searching: boolean
  /** Where the file of what is shown is to be had. */
  address: string
}

/** What is filtered and what is looked at, held in the address. `all` shows everything; without a choice, what is open. */
export function useReview(run: number, suggestions: readonly Suggestion[]): Review {
  const filters = useFilters(KEPT)
  const search = filters.get('search')
  const found = useQuery(suggestionSearchQuery(run, search))
  const asked = filters.get('decision')
  const standing = asked === 'all' ? '' : (STANDINGS.find(one => one === asked) ?? 'OPEN')
  const tier = filters.get('tier')
  const province = filters.get('province')
  const regret = filters.get('regret')
  const changed = filters.get('changed')
  const assigned = filters.get('assigned')
  const ids = found.data
  const shown = useMemo(
    () =>
      matching(suggestions, {
        standing,
        tier,
        province,
        regret,
        changed,
        assigned,
        found: search ? new Set(ids ?? []) : null,
      }),
    [suggestions, standing, tier, province, regret, changed, assigned, search, ids],
  )
  const wanted = Number(filters.get('selected')) || null
  // What was just decided leaves the list of open ones but stays in view until one moves on.
  const selected = suggestions.find(one => one.id === wanted) ?? shown[0] ?? null
  const select = (suggestion: Suggestion | undefined) => {
    if (suggestion) filters.set({ selected: suggestion.id })
  }
  return {
    filters,
    standing,
    shown,
    selected,
    select,
    step: by => select(stepFrom(shown, selected?.id ?? null, by)),
    searching: search !== '' && found.isPending,
    address: addressOf(
      `/api/runs/${run}/suggestions`,
      queryOf(suggestions, { standing, tier, province, regret, changed, assigned }, search),
    ),
  }
}

type Keys = Record<'j' | 'k' | 'a' | 'r' | 'x' | 'p' | 'b', () => void>

/** Single keys act on the selected suggestion, except while somebody types or a dialog is open. */
export function useKeys(keys: Keys, enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return
    const pressed = (event: KeyboardEvent) => {
      const { target } = event
      if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof HTMLElement)) return
      if (target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [role="dialog"]')) return
      const act = keys[event.key as keyof Keys]
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [keys, enabled])
}

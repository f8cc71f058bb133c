import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useNavigation, useSearchParams } from 'react-router'

export type Filters = {
  get: (name: string) => string
  /** Undefined where nothing is chosen: what a query parameter should then be. */
  chosen: (name: string) => string | undefined
  flag: (name: string) => boolean | undefined
  page: number
  /** Sets several at once; an empty value removes one. Everything but `page` itself starts over at page 1. */
  set: (changes: Record<string, string | number | undefined>) => void
  clear: () => void
  active: boolean
}

/** Filters, order, page and selection live in the address, so that a link shows what its sender saw. */
export function useFilters(kept: readonly string[] = []): Filters {
  const [params, setParams] = useSearchParams()
  // A page is fetched before it is shown: words typed just before the click on a link must not call the reader back.
  const leaving = useRef(false)
  const { location } = useNavigation()
  useEffect(() => {
    leaving.current = location !== undefined
  }, [location])
  const set = useCallback<Filters['set']>(
    changes => {
      if (leaving.current) return
      setParams(
        previous => {
          const next = new URLSearchParams(previous)
          if (!('page' in changes) && Object.keys(changes).some(name => !kept.includes(name))) next.delete('page')
          for (const [name, value] of Object.entries(changes)) {
            if (value === undefined || value === '') next.delete(name)
            else next.set(name, String(value))
          }
          return next
        },
        { replace: true, preventScrollReset: true },
      )
    },
    [setParams, kept],
  )
  const clear = useCallback(() => setParams({}, { replace: true, preventScrollReset: true }), [setParams])
  return useMemo(() => {
    const get = (name: string): string => params.get(name) ?? ''
    const names = [...params.keys()].filter(name => !['page', 'ordering', ...kept].includes(name))
    return {
      get,
      chosen: name => get(name) || undefined,
      flag: name => (get(name) === '' ? undefined : get(name) === 'true'),
      page: Math.max(1, Number.parseInt(get('page'), 10) || 1),
      set,
      clear,
      active: names.length > 0,
    }
  }, [params, set, clear, kept])
}

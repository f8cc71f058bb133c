import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body, ifMatch } from '@/api/client'
import { addressOf } from '@/api/files'
import type { Need, NeedContent, NeedStep } from '@/api/types'
import { zh } from '@/lib/i18n/zh'

export const PAGE_SIZE = 50

const keysOf = <Key extends string>(words: Record<Key, string>): Key[] => Object.keys(words) as Key[]

// The words name every value once, in the order of the code lists; the build fails when the API knows another.
export const STATUSES = keysOf(zh.needs.status)
export const CATEGORIES = keysOf(zh.needs.category)
export const CAUSES = keysOf(zh.needs.cause)
export const BENEFITS = keysOf(zh.needs.benefit)

type Asked = {
  status?: string
  category?: string
  cause?: string
  area?: string
  lacking?: boolean
  fitting?: boolean
  search?: string
  ordering?: string
  page: number
}

const queryOf = ({ status, category, cause, ...asked }: Asked) => ({
  ...asked,
  page_size: PAGE_SIZE,
  status: STATUSES.filter(one => one === status),
  category: CATEGORIES.filter(one => one === category),
  cause: CAUSES.find(one => one === cause),
})

export const needsQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['needs', 'list', asked],
    queryFn: async ({ signal }) => body(await api.GET('/api/needs', { params: { query: queryOf(asked) }, signal })),
    placeholderData: keepPreviousData,
  })

export const needsAddress = (asked: Asked): string => addressOf('/api/needs', queryOf(asked))

export const needQuery = (id: number) =>
  queryOptions({
    queryKey: ['needs', 'one', id],
    queryFn: async ({ signal }) => body(await api.GET('/api/needs/{id}', { params: { path: { id } }, signal })),
  })

export const placeSearchQuery = (parent: string, search: string) =>
  queryOptions({
    queryKey: ['areas', 'inside', parent, search],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/areas', { params: { query: { parent, search, page_size: 20 } }, signal })).results,
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
  })

function useSettled() {
  const client = useQueryClient()
  return (fresh: Need) => {
    client.setQueryData(needQuery(fresh.id).queryKey, fresh)
    return Promise.all(
      [['needs', 'list'], ['needs', 'history', String(fresh.id)], ['inbox']].map(queryKey =>
        client.invalidateQueries({ queryKey }),
      ),
    )
  }
}

export function usePropose() {
  const settled = useSettled()
  return useMutation({
    mutationFn: async ({ reason: _, ...content }: NeedContent & { area: string }) =>
      body(await api.POST('/api/needs', { body: content })),
    onSuccess: settled,
  })
}

export function useChange(need: Need | undefined) {
  const settled = useSettled()
  return useMutation({
    mutationFn: async (content: NeedContent) =>
      body(
        await api.PUT('/api/needs/{id}', {
          params: { path: { id: need?.id ?? 0 }, header: ifMatch(need?.version) },
          body: content,
        }),
      ),
    onSuccess: settled,
  })
}

export type Taken = Exclude<NeedStep, 'CHANGE'>

/** Take a step for the version one has seen. */
export function useStep(need: Need) {
  const client = useQueryClient()
  const settled = useSettled()
  return useMutation({
    mutationFn: async (taken: { step: Taken; reason: string }) =>
      body(
        await api.POST('/api/needs/{id}/decision', {
          params: { path: { id: need.id }, header: ifMatch(need.version) },
          body: taken,
        }),
      ),
    onSuccess: settled,
    onError: () => client.invalidateQueries({ queryKey: needQuery(need.id).queryKey }),
  })
}

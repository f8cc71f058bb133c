import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body, ifMatch } from '@/api/client'
import { addressOf } from '@/api/files'
import type { Interest, InterestStatus, VillagePage } from '@/api/types'
import { zh } from '@/lib/i18n/zh'

export const PAGE_SIZE = 50
export const FIT_PAGE_SIZE = 20
export const WITHIN_KM = [100, 300, 500, 1000, 2000]

const keysOf = <Key extends string>(words: Record<Key, string>): Key[] => Object.keys(words) as Key[]

// The words name every value once; the build fails when the API knows another.
export const STATUSES: InterestStatus[] = keysOf(zh.villages.interests.status)

export const CATEGORIES = keysOf(zh.needs.category)

type AskedVillages = {
  province?: string
  category?: string
  within_km?: number
  helped?: boolean
  search?: string
  page: number
}

/** The villages that fit a party, ranked when asked. */
export const villagesQuery = (party: number, { category, ...asked }: AskedVillages) =>
  queryOptions({
    queryKey: ['villages', party, category, asked],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/parties/{id}/villages', {
          params: {
            path: { id: party },
            query: { ...asked, page_size: FIT_PAGE_SIZE, category: CATEGORIES.find(one => one === category) },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })

type AskedInterests = { status?: string; area?: string; search?: string; ordering?: string; page: number }

const interestsAsked = ({ status, ...asked }: AskedInterests) => ({
  ...asked,
  page_size: PAGE_SIZE,
  status: STATUSES.filter(one => one === status),
})

export const interestsQuery = (asked: AskedInterests) =>
  queryOptions({
    queryKey: ['interests', 'list', asked],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/interests', { params: { query: interestsAsked(asked) }, signal })),
    placeholderData: keepPreviousData,
  })

export const interestsAddress = (asked: AskedInterests): string => addressOf('/api/interests', interestsAsked(asked))

/**
 * Lists of interests are asked anew; the ranking shows the change where the village stands, and asks again only when
 * somebody comes back to it: a card must not jump away from under the finger that pressed it.
 */
function useSettled() {
  const client = useQueryClient()
  return (interest: Interest) => {
    const standing = interest.status === 'WITHDRAWN' ? null : interest
    client.setQueriesData<VillagePage>(
      { queryKey: ['villages'] },
      page => page && withInterest(page, interest, standing),
    )
    return Promise.all([
      client.invalidateQueries({ queryKey: ['villages'], refetchType: 'none' }),
      ...[['interests'], ['inbox']].map(queryKey => client.invalidateQueries({ queryKey })),
    ])
  }
}

function withInterest(page: VillagePage, { area }: Interest, standing: Interest | null): VillagePage {
  if (!page.is_own) return page
  const own = standing && { id: standing.id, status: standing.status, version: standing.version }
  return { ...page, results: page.results.map(one => (one.area.code === area.code ? { ...one, interest: own } : one)) }
}

export function useExpress() {
  const settled = useSettled()
  return useMutation({
    mutationFn: async (area: string) => body(await api.POST('/api/interests', { body: { area, note: '' } })),
    onSuccess: settled,
  })
}

/** Take back an interest in the version one has seen; where it has moved on, everything is asked anew. */
export function useWithdraw() {
  const client = useQueryClient()
  const settled = useSettled()
  return useMutation({
    mutationFn: async ({ id, version }: Pick<Interest, 'id' | 'version'>) =>
      body(
        await api.POST('/api/interests/{id}/withdrawal', {
          params: { path: { id }, header: ifMatch(version) },
          body: { reason: '' },
        }),
      ),
    onSuccess: settled,
    onError: () => Promise.all([['villages'], ['interests']].map(queryKey => client.invalidateQueries({ queryKey }))),
  })
}

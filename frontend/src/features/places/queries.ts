import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from '@/api/client'
import { addressOf } from '@/api/files'
import type { County } from '@/api/types'

export const PAGE_SIZE = 50

export type CountyKind = 'poor' | 'eastern' | 'all'

type Asked = {
  kind: CountyKind
  parent?: string
  tier?: string
  search?: string
  ordering?: string
  page: number
}

const TIERS = ['deep', 'poor'] as const

const queryOf = ({ kind, tier, ...asked }: Asked) => ({
  ...asked,
  level: 'COUNTY' as const,
  page_size: PAGE_SIZE,
  tier: TIERS.find(one => one === tier),
  poor: kind === 'poor' || undefined,
  eastern: kind === 'eastern' || undefined,
})

export const countiesQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['areas', 'counties', asked],
    queryFn: async ({ signal }) => body(await api.GET('/api/areas', { params: { query: queryOf(asked) }, signal })),
    placeholderData: keepPreviousData,
  })

export const countiesAddress = (asked: Asked): string => addressOf('/api/areas', queryOf(asked))

type PoorAsked = {
  parent?: string
  tier?: string
  search?: string
  helped_by?: string
  level?: County['level']
  ordering?: string
}

export const LEVELS: County['level'][] = ['CONFIRMED', 'RECORDED', 'REGION', 'UNCONFIRMED', 'UNVERIFIED', 'NONE']
const ALL_832 = 1000

const poorQueryOf = ({ tier, ...asked }: PoorAsked) => ({ ...asked, tier: TIERS.find(one => one === tier) })

/** Poor counties with the channels that reach them: one page, or all of them when none is named. */
export const poorCountiesQuery = (asked: PoorAsked, page?: number) =>
  queryOptions({
    queryKey: ['counties', asked, page],
    queryFn: async ({ signal }) => {
      const query = { ...poorQueryOf(asked), page: page ?? 1, page_size: page === undefined ? ALL_832 : PAGE_SIZE }
      return body(await api.GET('/api/counties', { params: { query }, signal }))
    },
    placeholderData: keepPreviousData,
  })

export const poorCountiesAddress = (asked: PoorAsked): string => addressOf('/api/counties', poorQueryOf(asked))

export const regionPairsQuery = queryOptions({
  queryKey: ['region-pairs'],
  queryFn: async ({ signal }) =>
    body(await api.GET('/api/region-pairs', { params: { query: { page_size: 200 } }, signal })).results,
  staleTime: 600_000,
})

/** The newest published needs of a place and what lies in it. */
export const needsOfQuery = (area: string) =>
  queryOptions({
    queryKey: ['needs', 'of-area', area],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/needs', {
          params: { query: { area, status: ['PUBLISHED'], page_size: 5 } },
          signal,
        }),
      ),
  })

import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from '@/api/client'
import { addressOf } from '@/api/files'

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

export const regionPairsQuery = queryOptions({
  queryKey: ['region-pairs'],
  queryFn: async ({ signal }) =>
    body(await api.GET('/api/region-pairs', { params: { query: { page_size: 200 } }, signal })).results,
  staleTime: 600_000,
})

export const pairingsOfRecipientQuery = (recipient: string) =>
  queryOptions({
    queryKey: ['pairings', 'of-recipient', recipient],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/pairings', { params: { query: { recipient, page_size: 100 } }, signal })).results,
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

/** Pairings that the area's government is the helper of. */
export const pairingsOfHelperQuery = (code: string) =>
  queryOptions({
    queryKey: ['pairings', 'of-helper', code],
    queryFn: async ({ signal }) => {
      const parties = body(
        await api.GET('/api/parties', { params: { query: { area: code, kind: 'GOVERNMENT' } }, signal }),
      ).results
      const own = parties.find(party => party.area?.code === code)
      if (!own) return []
      return body(await api.GET('/api/pairings', { params: { query: { helper: own.id, page_size: 100 } }, signal }))
        .results
    },
  })

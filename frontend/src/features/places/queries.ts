import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from '@/api/client'

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

export const countiesQuery = ({ kind, tier, ...asked }: Asked) =>
  queryOptions({
    queryKey: ['areas', 'counties', { kind, tier, ...asked }],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/areas', {
          params: {
            query: {
              ...asked,
              level: 'COUNTY',
              page_size: PAGE_SIZE,
              tier: tier === 'deep' || tier === 'poor' ? tier : undefined,
              poor: kind === 'poor' || undefined,
              eastern: kind === 'eastern' || undefined,
            },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })

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

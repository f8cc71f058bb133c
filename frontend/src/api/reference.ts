/** Questions that several areas of the application ask of the register. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from './client'

const MINUTES = 60_000

export const COUNTY_PAIRING = 'county_pairing'
/** 万企帮万村: firms and villages, of which there are too many to hold them all in a page. */
export const FIRMS_VILLAGES = 'wqbwc'

export const channelsQuery = queryOptions({
  queryKey: ['channels'],
  queryFn: async ({ signal }) => body(await api.GET('/api/channels', { signal })),
  staleTime: 10 * MINUTES,
})

export const provincesQuery = queryOptions({
  queryKey: ['areas', 'provinces'],
  queryFn: async ({ signal }) =>
    body(await api.GET('/api/areas', { params: { query: { level: 'PROVINCE', page_size: 100 } }, signal })).results,
  staleTime: 60 * MINUTES,
})

export const areaQuery = (code: string) =>
  queryOptions({
    queryKey: ['areas', 'profile', code],
    queryFn: async ({ signal }) => body(await api.GET('/api/areas/{code}', { params: { path: { code } }, signal })),
    staleTime: 10 * MINUTES,
  })

/** The first few areas that a typed word may mean; counties of the programme are what people look for. */
export const areaSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['areas', 'search', search],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/areas', { params: { query: { search, page_size: 8 } }, signal })).results,
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 10 * MINUTES,
  })

/** The first few villages, and firms, that it may mean. */
export const villageSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['areas', 'villages', search],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/areas', { params: { query: { search, level: 'VILLAGE', page_size: 12 } }, signal }))
        .results,
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 10 * MINUTES,
  })

export const firmSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['parties', 'firms', search],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/parties', { params: { query: { search, kind: 'ENTERPRISE', page_size: 12 } }, signal }))
        .results,
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
    staleTime: MINUTES,
  })

/** What a typed word may mean: places, parties, needs and pairings, the best of each. */
export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: async ({ signal }) => body(await api.GET('/api/search', { params: { query: { q } }, signal })),
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
    staleTime: MINUTES,
  })

export const inboxQuery = queryOptions({
  queryKey: ['inbox'],
  queryFn: async ({ signal }) => body(await api.GET('/api/inbox', { signal })),
  refetchInterval: MINUTES,
})

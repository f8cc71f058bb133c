import { queryOptions } from '@tanstack/react-query'
import { api, body } from '@/api/client'

const POLL_MS = 60_000

export const workbenchQuery = (year: number | undefined) =>
  queryOptions({
    queryKey: ['workbench', year],
    queryFn: async ({ signal }) => body(await api.GET('/api/workbench', { params: { query: { year } }, signal })),
    refetchInterval: POLL_MS,
  })

export const coverageQuery = (year: number | undefined) =>
  queryOptions({
    queryKey: ['coverage', year],
    queryFn: async ({ signal }) => body(await api.GET('/api/coverage', { params: { query: { year } }, signal })),
  })

export const channelCoverageQuery = queryOptions({
  queryKey: ['coverage', 'channels'],
  queryFn: async ({ signal }) => body(await api.GET('/api/coverage/channels', { signal })),
})

const LATEST = 4

export const latestRunsQuery = queryOptions({
  queryKey: ['runs', 'latest'],
  queryFn: async ({ signal }) =>
    body(await api.GET('/api/runs', { params: { query: { page_size: LATEST } }, signal })).results,
})

const LATEST_INTERESTS = 3

export const openInterestsQuery = queryOptions({
  queryKey: ['interests', 'open'],
  queryFn: async ({ signal }) =>
    body(
      await api.GET('/api/interests', {
        params: { query: { status: ['OPEN'], page_size: LATEST_INTERESTS } },
        signal,
      }),
    ),
})

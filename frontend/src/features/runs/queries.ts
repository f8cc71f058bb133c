import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/api/client'
import { isUnderWay, POLL_MS } from '@/api/runs'

export const PAGE_SIZE = 25
export const runsQuery = (page: number) =>
  queryOptions({
    queryKey: ['runs', 'list', page],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/runs', { params: { query: { page, page_size: PAGE_SIZE } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: query => (query.state.data?.results.some(isUnderWay) ? POLL_MS : false),
  })

export const runFilesQuery = (id: number) =>
  queryOptions({
    queryKey: ['runs', 'files', id],
    queryFn: async ({ signal }) => body(await api.GET('/api/runs/{id}/files', { params: { path: { id } }, signal })),
  })

export function useCancelRun(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => body(await api.POST('/api/runs/{id}/cancel', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['runs'] }),
  })
}

/** The policy's next version with the cure of this run's conflict in it, and the run under that. */
export function useCure(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => body(await api.POST('/api/runs/{id}/cure', { params: { path: { id } } })),
    onSuccess: () => {
      for (const stale of [['runs'], ['policies']]) void client.invalidateQueries({ queryKey: stale })
    },
  })
}

/** What a run leaves open. It does not change, so neither does this. */
export const gapsQuery = (id: number) =>
  queryOptions({
    queryKey: ['runs', 'gaps', id],
    queryFn: async ({ signal }) => body(await api.GET('/api/runs/{id}/gaps', { params: { path: { id } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const withdrawalQuery = (id: number, helper: string) =>
  queryOptions({
    queryKey: ['runs', 'withdrawal', id, helper],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/runs/{id}/withdrawals/{helper}', { params: { path: { id, helper } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Two runs side by side. Neither changes, nor does this. */
export const comparisonQuery = (a: number, b: number) =>
  queryOptions({
    queryKey: ['runs', 'comparison', a, b],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/runs/{id}/comparison/{other}', { params: { path: { id: a, other: b } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

const WAITING = new Set(['QUEUED', 'RUNNING'])

/** What a run gives up, once somebody has asked for it; polled while it is computed. */
export const tradeoffsQuery = (id: number) =>
  queryOptions({
    queryKey: ['runs', 'tradeoffs', id],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/runs/{id}/tradeoffs', { params: { path: { id } }, signal })),
    refetchInterval: query => (WAITING.has(query.state.data?.job?.status ?? '') ? POLL_MS : false),
  })

export function useAskTradeoffs(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => body(await api.POST('/api/runs/{id}/tradeoffs', { params: { path: { id } } })),
    onSuccess: asked => client.setQueryData(tradeoffsQuery(id).queryKey, asked),
  })
}

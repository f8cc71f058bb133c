import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/api/client'
import type { PolicyContent } from '@/api/types'

export const currentPolicyQuery = (channel: string) =>
  queryOptions({
    queryKey: ['policies', 'current', channel],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/policies', {
          params: { query: { channel, page_size: 1 } },
          signal,
        }),
      ).results[0] ?? null,
  })

/** One version of a policy; versions do not change. */
export const policyQuery = (id: number | null) =>
  queryOptions({
    queryKey: ['policies', 'one', id],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/policies/{id}', { params: { path: { id: id ?? 0 } }, signal })),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const previewQuery = (content: PolicyContent | null) =>
  queryOptions({
    queryKey: ['policies', 'preview', content],
    queryFn: async ({ signal }) => {
      if (!content) throw new Error('a preview needs a complete policy')
      return body(await api.POST('/api/policies/preview', { body: content, signal }))
    },
    enabled: content !== null,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

export const regionPairsQuery = queryOptions({
  queryKey: ['region-pairs'],
  queryFn: async ({ signal }) =>
    body(await api.GET('/api/region-pairs', { params: { query: { page_size: 200 } }, signal })).results,
  staleTime: 600_000,
})

export function usePublishPolicy() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (policy: PolicyContent & { name: string; note: string; based_on: number | null }) =>
      body(await api.POST('/api/policies', { body: policy })),
    onSuccess: policy => {
      client.setQueryData(currentPolicyQuery(policy.channel).queryKey, policy)
    },
    onError: (_error, policy) => client.invalidateQueries({ queryKey: currentPolicyQuery(policy.channel).queryKey }),
  })
}

export function useStartRun() {
  const client = useQueryClient()
  return useMutation({
    /** `copy_of`: a run whose year, pins and bans the new one takes over. */
    mutationFn: async (asked: { policy: number; copy_of: number | null }) =>
      body(await api.POST('/api/runs', { body: asked })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['runs'] }),
  })
}

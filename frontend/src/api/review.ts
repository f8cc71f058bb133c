import { queryOptions } from '@tanstack/react-query'
import { api, body } from './client'

/** Where the review of a run stands: what its changes are counted from, and what was published of it. */
export const reviewQuery = (run: number) =>
  queryOptions({
    queryKey: ['suggestions', run, 'review'],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/runs/{id}/review', { params: { path: { id: run } }, signal })),
  })

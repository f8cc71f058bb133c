import { queryOptions } from '@tanstack/react-query'
import { api, body } from './client'
import type { Run } from './types'

export const POLL_MS = 2000
const UNDER_WAY = new Set<Run['status']>(['REQUESTED', 'RUNNING'])

export function isUnderWay(run: Run): boolean {
  return UNDER_WAY.has(run.status)
}

type Seen = { etag: string; run: Run }
const seen = new Map<number, Seen>()

/** Polled while it is under way; an answer that has not changed costs a 304 and no body. */
export const runQuery = (id: number) =>
  queryOptions({
    queryKey: ['runs', 'one', id],
    queryFn: async ({ signal }) => {
      const last = seen.get(id)
      const answer = await api.GET('/api/runs/{id}', {
        params: { path: { id } },
        headers: last ? { 'If-None-Match': last.etag } : {},
        cache: 'no-store',
        signal,
      })
      if (answer.response.status === 304 && last) return last.run
      const run = body(answer)
      const etag = answer.response.headers.get('ETag')
      if (etag) seen.set(id, { etag, run })
      return run
    },
    refetchInterval: query => (query.state.data && isUnderWay(query.state.data) ? POLL_MS : false),
  })

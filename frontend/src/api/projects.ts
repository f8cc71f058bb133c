/** Projects that belong to another record: asked by the pages of needs and of pairings. */
import { queryOptions } from '@tanstack/react-query'
import { api, body } from './client'

export type Of = { need: number } | { pairing: number }

export const projectsOfQuery = (of: Of) =>
  queryOptions({
    queryKey: ['projects', 'of', of],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/projects', { params: { query: { ...of, page_size: 500 } }, signal })).results,
  })

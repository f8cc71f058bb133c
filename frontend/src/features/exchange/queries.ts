import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api, body, ifMatch } from '@/api/client'
import type { Import, ImportDetail, ImportStep } from '@/api/types'

export const PAGE_SIZE = 20
export const ROWS_SIZE = 50
const POLL_MS = 1500
const UNDER_WAY = ['READING', 'COMMITTING', 'UNDOING'] as const
export type UnderWay = (typeof UNDER_WAY)[number]

export function underWay(batch: Pick<Import, 'status'>): UnderWay | undefined {
  return UNDER_WAY.find(status => status === batch.status)
}

export const listsQuery = queryOptions({
  queryKey: ['imports', 'lists'],
  queryFn: async ({ signal }) => body(await api.GET('/api/import-lists', { signal })),
})

export const importsQuery = (listed: string, page: number) =>
  queryOptions({
    queryKey: ['imports', 'list', listed, page],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/imports', { params: { query: { listed, page, page_size: PAGE_SIZE } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: query => (query.state.data?.results.some(underWay) ? POLL_MS : false),
  })

export const importQuery = (id: number) =>
  queryOptions({
    queryKey: ['imports', 'one', id],
    queryFn: async ({ signal }) => body(await api.GET('/api/imports/{id}', { params: { path: { id } }, signal })),
    refetchInterval: query => (query.state.data && underWay(query.state.data) ? POLL_MS : false),
  })

/** Follows one import; once its work has ended, whatever other pages showed before is asked anew. */
export function useImport(id: number) {
  const client = useQueryClient()
  const query = useQuery({ ...importQuery(id), enabled: Number.isInteger(id) })
  const working = query.data && underWay(query.data) !== undefined
  const worked = useRef(false)
  useEffect(() => {
    if (worked.current && working === false) {
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    }
    worked.current = working === true
  }, [client, working])
  return query
}

export const rowsQuery = (batch: ImportDetail, faulty: boolean, page: number) =>
  queryOptions({
    queryKey: ['imports', 'rows', batch.id, batch.version, faulty, page],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/imports/{id}/rows', {
          params: { path: { id: batch.id }, query: { page, page_size: ROWS_SIZE, ...(faulty ? { faulty } : {}) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })

export const templateAddress = (key: string): string => `/api/import-lists/${key}/template`
export const fileAddress = (id: number, what: 'reasons' | 'file'): string => `/api/imports/${id}/${what}`

function formOf({ listed, file }: { listed: string; file: unknown }): FormData {
  const form = new FormData()
  form.append('listed', listed)
  form.append('file', file as File)
  return form
}

export function useUpload() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ listed, file }: { listed: string; file: File }) =>
      // The schema knows files as text only; the serializer sends the file itself.
      body(
        await api.POST('/api/imports', { body: { listed, file: file as unknown as string }, bodySerializer: formOf }),
      ),
    onSuccess: made => {
      client.setQueryData(importQuery(made.id).queryKey, made)
      return client.invalidateQueries({ queryKey: ['imports', 'list'] })
    },
  })
}

export function useDecide(batch: ImportDetail) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (step: ImportStep) =>
      body(
        await api.POST('/api/imports/{id}/decision', {
          params: { path: { id: batch.id }, header: ifMatch(batch.version) },
          body: { step },
        }),
      ),
    onSuccess: fresh => client.setQueryData(importQuery(batch.id).queryKey, fresh),
    onSettled: () => client.invalidateQueries({ queryKey: ['imports'] }),
  })
}

import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body, ifMatch } from '@/api/client'
import { addressOf } from '@/api/files'
import type { Pairing, PairingStatus } from '@/api/types'

export const PAGE_SIZE = 50

export const STATUSES: PairingStatus[] = [
  'PROPOSED',
  'AGREED',
  'IN_FORCE',
  'UNVERIFIED',
  'OBJECTED',
  'WITHDRAWN',
  'COMPLETED',
  'ENDED',
]

type Asked = {
  status?: string
  confirmed?: boolean
  search?: string
  year?: number
  ordering?: string
  page: number
}

const queryOf = ({ status, ...asked }: Asked) => ({
  ...asked,
  page_size: PAGE_SIZE,
  status: STATUSES.filter(one => one === status),
})

export const pairingsQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['pairings', 'list', asked],
    queryFn: async ({ signal }) => body(await api.GET('/api/pairings', { params: { query: queryOf(asked) }, signal })),
    placeholderData: keepPreviousData,
  })

export const pairingsAddress = (asked: Asked): string => addressOf('/api/pairings', queryOf(asked))

export const pairingQuery = (id: number) =>
  queryOptions({
    queryKey: ['pairings', 'one', id],
    queryFn: async ({ signal }) => body(await api.GET('/api/pairings/{id}', { params: { path: { id } }, signal })),
  })

export const commitmentsOfQuery = (pairing: number) =>
  queryOptions({
    queryKey: ['commitments', 'of-pairing', pairing],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/commitments', { params: { query: { pairing, page_size: 100 } }, signal })).results,
  })

type Answer = { answer: 'ACKNOWLEDGED' | 'OBJECTED'; reason: string }

/** Answer for one's side, for the version one has seen. */
export function useAcknowledge(pairing: Pairing) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (answer: Answer) =>
      body(
        await api.POST('/api/pairings/{id}/acknowledgement', {
          params: { path: { id: pairing.id }, header: ifMatch(pairing.version) },
          body: answer,
        }),
      ),
    onSuccess: fresh => client.setQueryData(pairingQuery(pairing.id).queryKey, fresh),
    onSettled: () =>
      Promise.all(
        [['pairings'], ['inbox'], ['workbench'], ['coverage']].map(queryKey => client.invalidateQueries({ queryKey })),
      ),
  })
}

export type NewPairing = {
  helper: number
  recipient: string
  channel: string
  start_date: string
  end_date: string | null
}

export function usePropose() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (pairing: NewPairing) => body(await api.POST('/api/pairings', { body: pairing })),
    onSuccess: () =>
      Promise.all([['pairings'], ['workbench'], ['coverage']].map(queryKey => client.invalidateQueries({ queryKey }))),
  })
}

export const helperSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['parties', 'search', search],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/parties', { params: { query: { search, kind: 'GOVERNMENT', page_size: 20 } }, signal }))
        .results,
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
  })

export const recipientSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['areas', 'recipient-search', search],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/areas', { params: { query: { search, poor: true, page_size: 20 } }, signal })).results,
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
  })

import { keepPreviousData, type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/api/client'
import { addressOf } from '@/api/files'
import { useIdempotencyKeys } from '@/api/idempotency'
import type { Commitment, CommitmentKind, CommitmentMode } from '@/api/types'

export const PAGE_SIZE = 50

export const KINDS: CommitmentKind[] = ['FISCAL_AID', 'SOCIAL_AID']
export const MODES: CommitmentMode[] = [
  'PRODUCTION_REWARD',
  'LABOUR_SUBSIDY',
  'WORK_FOR_RELIEF',
  'TRAINING',
  'PUBLIC_POST',
  'PURCHASE',
  'INVESTMENT',
  'DIRECT',
]

type Asked = { year?: number; ordering?: string; page: number }

export const commitmentsQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['commitments', 'list', asked],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/commitments', { params: { query: { ...asked, page_size: PAGE_SIZE } }, signal })),
    placeholderData: keepPreviousData,
  })

export const commitmentsAddress = (asked: Asked): string => addressOf('/api/commitments', asked)

export const commitmentQuery = (id: number) =>
  queryOptions({
    queryKey: ['commitments', 'one', id],
    queryFn: async ({ signal }) => body(await api.GET('/api/commitments/{id}', { params: { path: { id } }, signal })),
  })

/** Pairings under which the reader may register: confirmed, and on the reader's own side. */
export const openPairingsQuery = queryOptions({
  queryKey: ['pairings', 'open-for-commitments'],
  queryFn: async ({ signal }) => {
    const { results } = body(
      await api.GET('/api/pairings', {
        params: { query: { status: ['AGREED', 'IN_FORCE'], page_size: 500 } },
        signal,
      }),
    )
    return results.filter(pairing => pairing.my_side === 'HELPER')
  },
})

const settle = (client: QueryClient, fresh: Commitment) => {
  client.setQueryData(commitmentQuery(fresh.id).queryKey, fresh)
  return Promise.all(
    [['commitments'], ['needs'], ['inbox'], ['workbench']].map(queryKey => client.invalidateQueries({ queryKey })),
  )
}

/** Published needs of a pairing's county that a commitment may answer. */
export const needsOfCountyQuery = (county: string) =>
  queryOptions({
    queryKey: ['needs', 'open-in', county],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/needs', {
          params: { query: { area: county, status: ['PUBLISHED'], page_size: 200 } },
          signal,
        }),
      ).results,
    enabled: county !== '',
  })

export type NewCommitment = {
  pairing: number
  need: number | null
  kind: CommitmentKind
  mode: CommitmentMode
  year: number
  title: string
  amount_yuan: string
}

export function useRegister() {
  const client = useQueryClient()
  const keys = useIdempotencyKeys()
  return useMutation({
    mutationFn: async (content: NewCommitment) =>
      body(
        await api.POST('/api/commitments', {
          body: content,
          params: { header: { 'Idempotency-Key': keys.for(content) } },
        }),
      ),
    onSuccess: fresh => settle(client, fresh),
  })
}

export type Arrival = { amount_yuan: string; occurred_date: string; reference: string }

export function useReportArrival(id: number) {
  const client = useQueryClient()
  const keys = useIdempotencyKeys()
  return useMutation({
    mutationFn: async (arrival: Arrival) =>
      body(
        await api.POST('/api/commitments/{id}/arrivals', {
          body: arrival,
          params: { path: { id }, header: { 'Idempotency-Key': keys.for(arrival) } },
        }),
      ),
    onSuccess: fresh => settle(client, fresh),
  })
}

export type EntryAnswer = { answer: 'CONFIRMED' | 'DISPUTED'; amount_yuan: string | null; reason: string }

export function useAnswerEntry(entry: number) {
  const client = useQueryClient()
  const keys = useIdempotencyKeys()
  return useMutation({
    mutationFn: async (answer: EntryAnswer) =>
      body(
        await api.POST('/api/ledger-entries/{id}/confirmation', {
          body: answer,
          params: { path: { id: entry }, header: { 'Idempotency-Key': keys.for(answer) } },
        }),
      ),
    onSuccess: fresh => settle(client, fresh),
  })
}

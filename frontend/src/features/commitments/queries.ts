import { keepPreviousData, type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/api/client'
import { addressOf } from '@/api/files'
import { useIdempotencyKeys } from '@/api/idempotency'
import type { components } from '@/api/schema'
import type { CommitmentDetail, CommitmentKind, CommitmentMode } from '@/api/types'
import { zh } from '@/lib/i18n/zh'

export const PAGE_SIZE = 50

const keysOf = <Key extends string>(words: Record<Key, string>): Key[] => Object.keys(words) as Key[]

// The words name every value once, in the order of the code lists; the build fails when the API knows another.
export const KINDS: CommitmentKind[] = keysOf(zh.commitments.kind)
export const MODES: CommitmentMode[] = keysOf(zh.commitments.mode)
export const SECTORS = keysOf(zh.needs.category)
export const BENEFITS = keysOf(zh.needs.benefit)
export const CHOICES = {
  plan: keysOf(zh.commitments.plan),
  direction: keysOf(zh.commitments.direction),
  speciality: keysOf(zh.commitments.speciality),
  trainees: keysOf(zh.commitments.trainees),
}

/** What can be promised and what each kind asks for: the server's own table. */
export const kindsQuery = queryOptions({
  queryKey: ['commitment-kinds'],
  queryFn: async ({ signal }) => body(await api.GET('/api/commitment-kinds', { signal })),
  staleTime: Infinity,
})

export const yearQuery = (year: number | undefined) =>
  queryOptions({
    queryKey: ['commitments', 'year', year],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/commitments/summary', { params: { query: { year } }, signal })),
    placeholderData: keepPreviousData,
  })

export const balanceQuery = (code: string, as_of: string) =>
  queryOptions({
    queryKey: ['commitments', 'balance', code, as_of],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/counties/{code}/balance', { params: { path: { code }, query: { as_of } }, signal })),
    placeholderData: keepPreviousData,
  })

export const YEARS = ['2020', '2019', '2018', '2017', '2016']

type Asked = { year?: number; kind?: CommitmentKind[]; ordering?: string; page: number }

export const commitmentsQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['commitments', 'list', asked],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/commitments', { params: { query: { ...asked, page_size: PAGE_SIZE } }, signal })),
    placeholderData: keepPreviousData,
  })

export const commitmentsAddress = (asked: Asked): string => addressOf('/api/commitments', asked)

export const MATTERS = keysOf(zh.commitments.differences.kind)

type AskedDifferences = { year?: number; kind?: (typeof MATTERS)[number]; page: number }

export const differencesQuery = (asked: AskedDifferences) =>
  queryOptions({
    queryKey: ['commitments', 'differences', asked],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/differences', { params: { query: { ...asked, page_size: PAGE_SIZE } }, signal })),
    placeholderData: keepPreviousData,
  })

export const differencesAddress = (asked: AskedDifferences): string => addressOf('/api/differences', asked)

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

const settle = (client: QueryClient, fresh: CommitmentDetail) => {
  client.setQueryData(commitmentQuery(fresh.id).queryKey, fresh)
  return Promise.all(
    [['commitments'], ['needs'], ['inbox'], ['workbench']].map(queryKey => client.invalidateQueries({ queryKey })),
  )
}

/** What signed agreements ask for under a pairing in a year. */
export const targetsQuery = (pairing: number, year: number) =>
  queryOptions({
    queryKey: ['commitments', 'targets', pairing, year],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/pairings/{id}/targets', { params: { path: { id: pairing }, query: { year } }, signal })),
  })

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

export type NewCommitment = components['schemas']['CommitmentCreateRequest']

/** One write to the ledger: sent once however often it is tried, and the fresh commitment shown everywhere. */
function useVerb<Content>(send: (content: Content, key: string) => Promise<CommitmentDetail>) {
  const client = useQueryClient()
  const keys = useIdempotencyKeys()
  return useMutation({
    mutationFn: (content: Content) => send(content, keys.for(content)),
    onSuccess: fresh => settle(client, fresh),
  })
}

const header = (key: string) => ({ 'Idempotency-Key': key })

export const useRegister = () =>
  useVerb<NewCommitment>(async (content, key) =>
    body(await api.POST('/api/commitments', { body: content, params: { header: header(key) } })),
  )

export const useReportArrival = (id: number) =>
  useVerb<components['schemas']['ArrivalRequest']>(async (content, key) =>
    body(
      await api.POST('/api/commitments/{id}/arrivals', {
        body: content,
        params: { path: { id }, header: header(key) },
      }),
    ),
  )

export const useSpend = (id: number) =>
  useVerb<components['schemas']['SpendingRequest']>(async (content, key) =>
    body(
      await api.POST('/api/commitments/{id}/spendings', {
        body: content,
        params: { path: { id }, header: header(key) },
      }),
    ),
  )

export const useWithdraw = (id: number) =>
  useVerb<{ reason: string }>(async (content, key) =>
    body(
      await api.POST('/api/commitments/{id}/withdrawal', {
        body: content,
        params: { path: { id }, header: header(key) },
      }),
    ),
  )

export const useAnswerEntry = (id: number) =>
  useVerb<components['schemas']['ConfirmationCreateRequest']>(async (content, key) =>
    body(
      await api.POST('/api/ledger-entries/{id}/confirmation', {
        body: content,
        params: { path: { id }, header: header(key) },
      }),
    ),
  )

export const useAccept = (id: number) =>
  useVerb<components['schemas']['AcceptanceRequest']>(async (content, key) =>
    body(
      await api.POST('/api/ledger-entries/{id}/acceptance', {
        body: content,
        params: { path: { id }, header: header(key) },
      }),
    ),
  )

export const useReverse = (id: number) =>
  useVerb<{ reason: string }>(async (content, key) =>
    body(
      await api.POST('/api/ledger-entries/{id}/reversal', {
        body: content,
        params: { path: { id }, header: header(key) },
      }),
    ),
  )

export const useAttach = () =>
  useVerb<{ entry: number; file: File }>(async ({ entry, file }) => {
    const form = new FormData()
    form.append('file', file)
    return body(
      await api.POST('/api/ledger-entries/{id}/files', {
        params: { path: { id: entry } },
        body: form as never,
        bodySerializer: () => form,
      }),
    )
  })

export const useExplain = (id: number) =>
  useVerb<{ explanation: string }>(async (content, key) =>
    body(
      await api.POST('/api/discrepancies/{id}/explanation', {
        body: content,
        params: { path: { id }, header: header(key) },
      }),
    ),
  )

type Agreement = { agree: boolean; reason: string }

/** The answer to an explanation or to a reversal that was asked for. */
export const useAgree = (what: 'discrepancies' | 'reversal-requests', id: number) =>
  useVerb<Agreement>(async (content, key) =>
    body(
      await api.POST(`/api/${what}/{id}/answer`, {
        body: content,
        params: { path: { id }, header: header(key) },
      }),
    ),
  )

import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body, ifMatch } from '@/api/client'
import { addressOf } from '@/api/files'
import type { Agreement, AgreementContent, AgreementKind, AgreementStatus } from '@/api/types'

export const PAGE_SIZE = 50
export const KINDS: AgreementKind[] = ['ANNUAL', 'FRAMEWORK', 'VILLAGE', 'RESPONSIBILITY']
export const STATUSES: AgreementStatus[] = ['DRAFT', 'OFFERED', 'SIGNED', 'SUPERSEDED', 'VOID']

type Asked = { kind?: string; status?: string; search?: string; ordering?: string; page: number }

const queryOf = ({ kind, status, ...asked }: Asked) => ({
  ...asked,
  page_size: PAGE_SIZE,
  kind: KINDS.filter(one => one === kind),
  status: STATUSES.filter(one => one === status),
})

export const agreementsQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['agreements', 'list', asked],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/agreements', { params: { query: queryOf(asked) }, signal })),
    placeholderData: keepPreviousData,
  })

export const agreementsAddress = (asked: Asked): string => addressOf('/api/agreements', queryOf(asked))

export const agreementQuery = (id: number) =>
  queryOptions({
    queryKey: ['agreements', 'one', id],
    queryFn: async ({ signal }) => body(await api.GET('/api/agreements/{id}', { params: { path: { id } }, signal })),
  })

/** How far the targets of a signed agreement are; under the commitments, so that each of theirs asks anew. */
export const targetsQuery = (id: number) =>
  queryOptions({
    queryKey: ['commitments', 'targets', 'of-agreement', id],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/agreements/{id}/targets', { params: { path: { id } }, signal })),
  })

export const agreementEventsQuery = (id: number) =>
  queryOptions({
    queryKey: ['agreements', 'events', id],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/agreements/{id}/events', { params: { path: { id }, query: { page_size: 200 } }, signal }),
      ).results,
  })

export type Begun = { kind: AgreementKind; year: number; pairing?: number }

export const prefillQuery = (begun: Begun) =>
  queryOptions({
    queryKey: ['agreements', 'prefill', begun],
    queryFn: async ({ signal }) => body(await api.GET('/api/agreements/prefill', { params: { query: begun }, signal })),
    staleTime: Number.POSITIVE_INFINITY, // what somebody is editing does not change under their hands
  })

export const pairingOfQuery = (id: number) =>
  queryOptions({
    queryKey: ['pairings', 'one', id],
    queryFn: async ({ signal }) => body(await api.GET('/api/pairings/{id}', { params: { path: { id } }, signal })),
  })

function useSettled() {
  const client = useQueryClient()
  return (fresh: Agreement | undefined) => {
    if (fresh) client.setQueryData(agreementQuery(fresh.id).queryKey, fresh)
    return Promise.all(
      [['agreements', 'list'], ['agreements', 'events'], ['agreements', 'of-pairing'], ['pairings'], ['inbox']].map(
        queryKey => client.invalidateQueries({ queryKey }),
      ),
    )
  }
}

export function useDraft() {
  const settled = useSettled()
  return useMutation({
    mutationFn: async (content: AgreementContent & { kind: AgreementKind; pairing: number | null }) =>
      body(await api.POST('/api/agreements', { body: content })),
    onSuccess: settled,
  })
}

export function useChange(agreement: Agreement | undefined) {
  const settled = useSettled()
  return useMutation({
    mutationFn: async (content: AgreementContent) =>
      body(
        await api.PUT('/api/agreements/{id}', {
          params: { path: { id: agreement?.id ?? 0 }, header: ifMatch(agreement?.version) },
          body: content,
        }),
      ),
    onSuccess: settled,
  })
}

export type Decided = { step: 'OFFER' | 'SEND_BACK' | 'VOID'; reason: string }

/** Take a step for the version one has seen. A draft of the other side is out of sight: nothing comes back then. */
export function useDecide(agreement: Agreement) {
  const settled = useSettled()
  return useMutation({
    mutationFn: async (decided: Decided): Promise<Agreement | undefined> =>
      (
        await api.POST('/api/agreements/{id}/decision', {
          params: { path: { id: agreement.id }, header: ifMatch(agreement.version) },
          body: decided,
        })
      ).data,
    onSuccess: settled,
  })
}

export type Signed = { signatory_name: string; signatory_post: string; signed_date: string }

export function useSign(agreement: Agreement) {
  const settled = useSettled()
  return useMutation({
    mutationFn: async (signed: Signed) =>
      body(
        await api.POST('/api/agreements/{id}/signature', {
          params: { path: { id: agreement.id }, header: ifMatch(agreement.version) },
          body: signed,
        }),
      ),
    onSuccess: settled,
  })
}

export function useRevise(agreement: Agreement) {
  const settled = useSettled()
  return useMutation({
    mutationFn: async () =>
      body(
        await api.POST('/api/agreements/{id}/revision', {
          params: { path: { id: agreement.id }, header: ifMatch(agreement.version) },
        }),
      ),
    onSuccess: settled,
  })
}

export function useUpload(agreement: Agreement) {
  const settled = useSettled()
  return useMutation({
    mutationFn: async (file: File) => {
      const form = new FormData()
      form.append('file', file)
      return body(
        await api.POST('/api/agreements/{id}/copies', {
          params: { path: { id: agreement.id } },
          body: form as never,
          bodySerializer: () => form,
        }),
      )
    },
    onSuccess: settled,
  })
}

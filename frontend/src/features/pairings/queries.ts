import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body, ifMatch } from '@/api/client'
import { addressOf } from '@/api/files'
import type { ContactKind, Pairing, PairingStatus, SubPairing, SubPairingKind } from '@/api/types'

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
  unconfirmed?: boolean
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

export const pairingEventsQuery = (id: number) =>
  queryOptions({
    queryKey: ['pairings', 'events', id],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/pairings/{id}/events', {
          params: { path: { id }, query: { page_size: 200 } },
          signal,
        }),
      ).results,
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

// --- the life of one pairing ----------------------------------------------------------------------------------

export const CONTACT_KINDS: ContactKind[] = ['HELPER_VISITS', 'RECIPIENT_VISITS', 'JOINT_MEETING', 'CALL']
export const SUB_KINDS: SubPairingKind[] = ['TOWNSHIP', 'VILLAGE', 'COMMUNITY', 'SCHOOL', 'HOSPITAL']

export const marksQuery = (id: number) =>
  queryOptions({
    queryKey: ['pairings', 'marks', id],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/pairings/{id}/marks', { params: { path: { id } }, signal })),
  })

export const contactsQuery = (id: number) =>
  queryOptions({
    queryKey: ['pairings', 'contacts', id],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/pairings/{id}/contacts', { params: { path: { id }, query: { page_size: 200 } }, signal }),
      ).results,
  })

export const subPairingsQuery = (pairing: number) =>
  queryOptions({
    queryKey: ['pairings', 'subs', pairing],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/sub-pairings', { params: { query: { pairing, page_size: 500 } }, signal })).results,
  })

export const subCountsQuery = (pairing: number) =>
  queryOptions({
    queryKey: ['pairings', 'sub-counts', pairing],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/sub-pairings/counts', { params: { query: { pairing } }, signal })),
  })

export const agreementsOfQuery = (pairing: number) =>
  queryOptions({
    queryKey: ['agreements', 'of-pairing', pairing],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/agreements', { params: { query: { pairing, page_size: 100 } }, signal })).results,
  })

export const insideSearchQuery = (parent: string, search: string) =>
  queryOptions({
    queryKey: ['areas', 'inside', parent, search],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/areas', { params: { query: { parent, search, page_size: 20 } }, signal })).results,
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
  })

/** Whatever happens in the life of a pairing shows in its marks, its timeline and somebody's inbox. */
function useLived() {
  const client = useQueryClient()
  return () =>
    Promise.all([['pairings'], ['inbox'], ['workbench']].map(queryKey => client.invalidateQueries({ queryKey })))
}

export type Ended = { outcome: 'COMPLETED' | 'ENDED'; end_date?: string | null; reason?: string }

export function useEnd(pairing: Pairing) {
  const lived = useLived()
  return useMutation({
    mutationFn: async (ended: Ended) =>
      body(
        await api.POST('/api/pairings/{id}/end', {
          params: { path: { id: pairing.id }, header: ifMatch(pairing.version) },
          body: { end_date: null, reason: '', ...ended },
        }),
      ),
    onSuccess: lived,
  })
}

type NewContact = { kind: ContactKind; contact_date: string; participants: number | null; note: string }

export function useRecordContact(id: number) {
  const lived = useLived()
  return useMutation({
    mutationFn: async (contact: NewContact) =>
      body(await api.POST('/api/pairings/{id}/contacts', { params: { path: { id } }, body: contact })),
    onSuccess: lived,
  })
}

export function useVoidContact() {
  const lived = useLived()
  return useMutation({
    mutationFn: async ({ contact, reason }: { contact: number; reason: string }) =>
      body(await api.POST('/api/contacts/{id}/void', { params: { path: { id: contact } }, body: { reason } })),
    onSuccess: lived,
  })
}

type NewSub = {
  kind: SubPairingKind
  helper_unit: string
  recipient_unit: string
  recipient_area?: string
  start_date: string
}

export function useProposeSub(pairing: number) {
  const lived = useLived()
  return useMutation({
    mutationFn: async ({ recipient_area, ...sub }: NewSub) =>
      body(
        await api.POST('/api/sub-pairings', {
          body: { ...sub, pairing, recipient_area: recipient_area ?? null, helper_area: null, end_date: null },
        }),
      ),
    onSuccess: lived,
  })
}

type SubDecision = {
  sub: SubPairing
  step: 'ACKNOWLEDGED' | 'OBJECTED' | 'ENDED'
  reason: string
  end_date: string | null
}

export function useDecideSub() {
  const lived = useLived()
  return useMutation({
    mutationFn: async ({ sub, ...decided }: SubDecision) =>
      body(
        await api.POST('/api/sub-pairings/{id}/decision', {
          params: { path: { id: sub.id }, header: ifMatch(sub.version) },
          body: decided,
        }),
      ),
    onSettled: lived,
  })
}

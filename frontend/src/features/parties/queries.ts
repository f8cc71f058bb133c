import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body, ifMatch } from '@/api/client'
import { addressOf } from '@/api/files'
import { useEntering } from '@/api/session'
import type { Area, Facts, Joining, Offer, PartyKind, Profile, RegistrationStatus } from '@/api/types'
import { zh } from '@/lib/i18n/zh'

export const PAGE_SIZE = 50

const keysOf = <Key extends string>(words: Record<Key, string>): Key[] => Object.keys(words) as Key[]

// The words name every value once, in the order of the code lists; the build fails when the API knows another.
export const KINDS = keysOf(zh.parties.kind)
export const JOINING: readonly PartyKind[] = ['ENTERPRISE', 'CHAMBER', 'SOCIAL_ORGANISATION']
export const INDUSTRIES = keysOf(zh.parties.industry)
export const CATEGORIES = keysOf(zh.needs.category)
export const MODES = keysOf(zh.commitments.mode)
export const STATUSES: readonly RegistrationStatus[] = ['PENDING', 'REFUSED', 'VERIFIED', 'MERGED']

/** What an offer is before anybody says more than its category. */
export const NO_OFFER = { mode: '', quantity: null, unit: '', description: '', proof: '' } as const

// --- the register ----------------------------------------------------------------------------------------------

type AskedParties = {
  kind?: string
  industry?: string
  category?: string
  area?: string
  search?: string
  ordering?: string
  page: number
}

const partiesAsked = ({ kind, industry, category, ...asked }: AskedParties) => ({
  ...asked,
  page_size: PAGE_SIZE,
  kind: KINDS.find(one => one === kind),
  industry: INDUSTRIES.find(one => one === industry),
  category: CATEGORIES.find(one => one === category),
})

export const partiesQuery = (asked: AskedParties) =>
  queryOptions({
    queryKey: ['parties', 'list', asked],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/parties', { params: { query: partiesAsked(asked) }, signal })),
    placeholderData: keepPreviousData,
  })

export const partiesAddress = (asked: AskedParties): string => addressOf('/api/parties', partiesAsked(asked))

export const partyQuery = (id: number) =>
  queryOptions({
    queryKey: ['parties', 'one', id],
    queryFn: async ({ signal }) => body(await api.GET('/api/parties/{id}', { params: { path: { id } }, signal })),
  })

/** What it helped with, for everybody. Under the key of commitments: whatever happens to those changes it. */
export const resultsQuery = (id: number) =>
  queryOptions({
    queryKey: ['commitments', 'results', id],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/parties/{id}/results', { params: { path: { id } }, signal })),
  })

/** Records of the same kind, into which another may be merged. */
export const sameKindQuery = (kind: PartyKind, search: string) =>
  queryOptions({
    queryKey: ['parties', 'search', kind, search],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/parties', { params: { query: { kind, search, page_size: 20 } }, signal })).results,
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
  })

// --- joining ----------------------------------------------------------------------------------------------------

/** Places where somebody may have a seat: counties, and cities, of which the few without counties count. */
export const seatSearchQuery = (search: string) =>
  queryOptions({
    queryKey: ['areas', 'seats', search],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/areas', { params: { query: { search, page_size: 30 } }, signal })).results.filter(
        (area: Area) => area.level === 'COUNTY' || area.level === 'PREFECTURE',
      ),
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
  })

/** Form and register say whether a code can be registered; asked once it is as long as a code. */
export const codeQuery = (uscc: string) =>
  queryOptions({
    queryKey: ['join', 'code', uscc],
    queryFn: async ({ signal }) => body(await api.GET('/api/join/code', { params: { query: { uscc } }, signal })),
    enabled: uscc.length === 18,
    retry: false,
    staleTime: 30_000,
  })

export const alikeQuery = (name: string) =>
  queryOptions({
    queryKey: ['join', 'alike', name],
    queryFn: async ({ signal }) => body(await api.GET('/api/join/alike', { params: { query: { name } }, signal })),
    enabled: name.length >= 4,
    retry: false,
    staleTime: 30_000,
  })

export function useJoin() {
  return useEntering(async (joining: Joining) => body(await api.POST('/api/join', { body: joining })))
}

// --- the inner life of one party ----------------------------------------------------------------------------------

export const profileQuery = (id: number) =>
  queryOptions({
    queryKey: ['parties', 'profile', id],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/parties/{id}/profile', { params: { path: { id } }, signal })),
    retry: false,
  })

export const profileEventsQuery = (id: number) =>
  queryOptions({
    queryKey: ['parties', 'events', id],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/parties/{id}/events', { params: { path: { id }, query: { page_size: 200 } }, signal }))
        .results,
  })

/** A write to a profile for the version one has seen; everything derived from it is asked anew. */
function useProfileWrite<Content>(
  profile: Profile,
  send: (content: Content, at: { path: { id: number }; header: { 'If-Match': string } }) => Promise<Profile>,
) {
  const client = useQueryClient()
  const id = profile.party.id
  return useMutation({
    mutationFn: (content: Content) => send(content, { path: { id }, header: ifMatch(profile.version) }),
    onSuccess: fresh => {
      client.setQueryData(profileQuery(id).queryKey, fresh)
      const stale = [
        ['parties', 'list'],
        ['parties', 'one', id],
        ['parties', 'events', id],
        ['registrations'],
        ['inbox'],
      ]
      return Promise.all([...stale, ['session']].map(queryKey => client.invalidateQueries({ queryKey })))
    },
    onError: () => client.invalidateQueries({ queryKey: profileQuery(id).queryKey }),
  })
}

export const useCorrect = (profile: Profile) =>
  useProfileWrite(profile, async (facts: Facts, params) =>
    body(await api.PUT('/api/parties/{id}/profile', { params, body: facts })),
  )

export const useDecide = (profile: Profile) =>
  useProfileWrite(profile, async (decision: { step: 'VERIFY' | 'REFUSE'; reason: string }, params) =>
    body(await api.POST('/api/parties/{id}/decision', { params, body: decision })),
  )

export const useStateCapabilities = (profile: Profile) =>
  useProfileWrite(profile, async (capabilities: Offer[], params) =>
    body(await api.PUT('/api/parties/{id}/capabilities', { params, body: { capabilities } })),
  )

export const useStateCapacities = (profile: Profile) =>
  useProfileWrite(profile, async (capacities: Profile['capacities'][number][], params) =>
    body(await api.PUT('/api/parties/{id}/capacities', { params, body: { capacities } })),
  )

export const useNameContacts = (profile: Profile) =>
  useProfileWrite(profile, async (contacts: { name: string; phone: string; post: string }[], params) =>
    body(await api.PUT('/api/parties/{id}/contacts', { params, body: { contacts } })),
  )

// --- the queue ----------------------------------------------------------------------------------------------------

type AskedRegistrations = { status?: string; mine?: boolean; search?: string; ordering?: string; page: number }

const registrationsAsked = ({ status, ...asked }: AskedRegistrations) => ({
  ...asked,
  page_size: PAGE_SIZE,
  status: STATUSES.filter(one => one === status),
})

export const registrationsQuery = (asked: AskedRegistrations) =>
  queryOptions({
    queryKey: ['registrations', asked],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/registrations', { params: { query: registrationsAsked(asked) }, signal })),
    placeholderData: keepPreviousData,
  })

export const registrationsAddress = (asked: AskedRegistrations): string =>
  addressOf('/api/registrations', registrationsAsked(asked))

import { keepPreviousData, type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body, ifMatch } from '@/api/client'
import { addressOf } from '@/api/files'
import { useIdempotencyKeys } from '@/api/idempotency'
import type { components } from '@/api/schema'
import type { Asset, AssetClass, ProjectDetail, ProjectStatus } from '@/api/types'
import { zh } from '@/lib/i18n/zh'

type Schemas = components['schemas']
export const PAGE_SIZE = 50

const keysOf = <Key extends string>(words: Record<Key, string>): Key[] => Object.keys(words) as Key[]
export const STATUSES: ProjectStatus[] = keysOf(zh.projects.status)
export const CONSTRUCTION: Schemas['ConstructionType'][] = keysOf(zh.projects.construction)
export const CLASSES: AssetClass[] = keysOf(zh.projects.asset_class)
export const CATEGORIES = keysOf(zh.needs.category)
export const LEVELS = ['COUNTY', 'TOWNSHIP', 'VILLAGE'] as const

type Asked = {
  status?: string
  category?: string
  level?: string
  late?: string
  search?: string
  ordering?: string
  page: number
}

const queryOf = ({ status, category, level, late, ...asked }: Asked) => ({
  ...asked,
  page_size: PAGE_SIZE,
  late: late === undefined ? undefined : late === 'true',
  status: STATUSES.filter(one => one === status),
  category: CATEGORIES.filter(one => one === category),
  level: LEVELS.filter(one => one === level),
})

export const projectsQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['projects', 'list', asked],
    queryFn: async ({ signal }) => body(await api.GET('/api/projects', { params: { query: queryOf(asked) }, signal })),
    placeholderData: keepPreviousData,
  })

export const projectsAddress = (asked: Asked): string => addressOf('/api/projects', queryOf(asked))

export const projectQuery = (id: number) =>
  queryOptions({
    queryKey: ['projects', 'one', id],
    queryFn: async ({ signal }) => body(await api.GET('/api/projects/{id}', { params: { path: { id } }, signal })),
  })

export const freeMoneyQuery = (id: number) =>
  queryOptions({
    queryKey: ['projects', 'free-money', id],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/projects/{id}/free-money', { params: { path: { id } }, signal })),
  })

type AskedAssets = { asset_class?: string; search?: string; ordering?: string; page: number }

const assetsOf = ({ asset_class, ...asked }: AskedAssets) => ({
  ...asked,
  page_size: PAGE_SIZE,
  asset_class: CLASSES.filter(one => one === asset_class),
})

export const assetsQuery = (asked: AskedAssets) =>
  queryOptions({
    queryKey: ['projects', 'assets', asked],
    queryFn: async ({ signal }) => body(await api.GET('/api/assets', { params: { query: assetsOf(asked) }, signal })),
    placeholderData: keepPreviousData,
  })

export const assetsAddress = (asked: AskedAssets): string => addressOf('/api/assets', assetsOf(asked))

/** Confirmed pairings on the reader's own, the receiving, side. */
export const openPairingsQuery = queryOptions({
  queryKey: ['pairings', 'open-for-projects'],
  queryFn: async ({ signal }) => {
    const { results } = body(
      await api.GET('/api/pairings', { params: { query: { status: ['AGREED', 'IN_FORCE'], page_size: 500 } }, signal }),
    )
    return results.filter(pairing => pairing.my_side === 'RECIPIENT')
  },
})

/** Published needs in the county of which nobody has made a project yet. */
export const openNeedsQuery = (county: string) =>
  queryOptions({
    queryKey: ['projects', 'open-needs', county],
    queryFn: async ({ signal }) => {
      const [needs, projects] = await Promise.all([
        api.GET('/api/needs', { params: { query: { area: county, status: ['PUBLISHED'], page_size: 500 } }, signal }),
        api.GET('/api/projects', { params: { query: { page_size: 1000 } }, signal }),
      ])
      const over: ProjectStatus[] = ['DECLINED', 'STOPPED']
      const taken = body(projects).results.filter(one => !over.includes(one.status))
      return body(needs).results.filter(need => !taken.some(one => one.need.id === need.id))
    },
    enabled: county !== '',
  })

/** What is promised in money under a pairing. */
export const sourcesQuery = (pairing: number) =>
  queryOptions({
    queryKey: ['commitments', 'sources', pairing],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/commitments', {
          params: { query: { pairing, status: 'REGISTERED', page_size: 500 } },
          signal,
        }),
      ).results.filter(one => one.unit === 'YUAN'),
    enabled: pairing > 0,
  })

const settle = (client: QueryClient, fresh?: ProjectDetail) => {
  if (fresh) client.setQueryData(projectQuery(fresh.id).queryKey, fresh)
  return Promise.all(
    [['projects'], ['commitments'], ['needs'], ['inbox']].map(queryKey => client.invalidateQueries({ queryKey })),
  )
}

/** One write: the fresh project is shown everywhere. */
function useVerb<Content, Made extends ProjectDetail | Asset>(send: (content: Content) => Promise<Made>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: fresh => settle(client, 'my_steps' in fresh ? fresh : undefined),
  })
}

export const usePropose = () =>
  useVerb(async (content: Schemas['ProjectCreateRequest']) => body(await api.POST('/api/projects', { body: content })))

export const useChange = (project: ProjectDetail | undefined) =>
  useVerb(async (content: Schemas['ProjectChangeRequest']) =>
    body(
      await api.PUT('/api/projects/{id}', {
        params: { path: { id: project?.id ?? 0 }, header: ifMatch(project?.version) },
        body: content,
      }),
    ),
  )

export const useConsent = (project: ProjectDetail) =>
  useVerb(async (_: null) =>
    body(
      await api.POST('/api/projects/{id}/consent', {
        params: { path: { id: project.id }, header: ifMatch(project.version) },
      }),
    ),
  )

export type Decided = { step: 'DECLINE' | 'START' | 'ACCEPT' | 'STOP'; reason: string }

export const useDecide = (project: ProjectDetail) =>
  useVerb(async (decided: Decided) =>
    body(
      await api.POST('/api/projects/{id}/decision', {
        params: { path: { id: project.id }, header: ifMatch(project.version) },
        body: decided,
      }),
    ),
  )

export const useReport = (project: ProjectDetail) =>
  useVerb(async (result: Schemas['ResultRequest']) =>
    body(
      await api.POST('/api/projects/{id}/result', {
        params: { path: { id: project.id }, header: ifMatch(project.version) },
        body: result,
      }),
    ),
  )

export const useClose = (project: ProjectDetail) =>
  useVerb(async (asset: Schemas['AssetContentRequest']) =>
    body(
      await api.POST('/api/projects/{id}/closing', {
        params: { path: { id: project.id }, header: ifMatch(project.version) },
        body: asset,
      }),
    ),
  )

export const useAllot = (project: ProjectDetail) => {
  const keys = useIdempotencyKeys()
  return useVerb(async (content: Schemas['AllotmentRequest']) =>
    body(
      await api.POST('/api/projects/{id}/allotments', {
        params: { path: { id: project.id }, header: { 'Idempotency-Key': keys.for(content) } },
        body: content,
      }),
    ),
  )
}

export const useSpend = (project: ProjectDetail) => {
  const keys = useIdempotencyKeys()
  return useVerb(async (content: Schemas['ProjectSpendingRequest']) =>
    body(
      await api.POST('/api/projects/{id}/spendings', {
        params: { path: { id: project.id }, header: { 'Idempotency-Key': keys.for(content) } },
        body: content,
      }),
    ),
  )
}

export const useReach = (milestone: number) =>
  useVerb(async (reached: Schemas['ReachRequest']) =>
    body(await api.POST('/api/milestones/{id}/reached', { params: { path: { id: milestone } }, body: reached })),
  )

export const useAttach = (project: number, milestone: number | null) =>
  useVerb(async (file: File) => {
    const form = new FormData()
    form.append('file', file)
    if (milestone !== null) form.append('milestone', String(milestone))
    return body(
      await api.POST('/api/projects/{id}/files', {
        params: { path: { id: project } },
        body: form as never,
        bodySerializer: () => form,
      }),
    )
  })

export const useCorrect = (asset: number) =>
  useVerb(async (content: Schemas['AssetCorrectionRequest']) =>
    body(await api.POST('/api/assets/{id}/correction', { params: { path: { id: asset } }, body: content })),
  )

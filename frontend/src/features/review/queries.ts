import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body } from '@/api/client'
import { addressOf } from '@/api/files'
import { reviewQuery } from '@/api/review'
import type { Review, Reviewer, Suggestion } from '@/api/types'

const PAGE_SIZE = 1000

/** All suggestions of a run: the review filters, moves and draws at once, so it holds them all. */
export const suggestionsQuery = (run: number) =>
  queryOptions({
    queryKey: ['suggestions', run],
    queryFn: async ({ signal }) => {
      const rows: Suggestion[] = []
      for (let page = 1; ; page++) {
        const answer = body(
          await api.GET('/api/runs/{id}/suggestions', {
            params: { path: { id: run }, query: { page, page_size: PAGE_SIZE } },
            signal,
          }),
        )
        rows.push(...answer.results)
        if (!answer.next) return rows
      }
    },
    staleTime: 60_000,
  })

/** Which of them a typed word means; the server knows pinyin, initials and codes. */
export const suggestionSearchQuery = (run: number, search: string) =>
  queryOptions({
    queryKey: ['suggestions', run, 'search', search],
    queryFn: async ({ signal }) => {
      const answer = body(
        await api.GET('/api/runs/{id}/suggestions', {
          params: { path: { id: run }, query: { search, page_size: PAGE_SIZE } },
          signal,
        }),
      )
      return answer.results.map(suggestion => suggestion.id)
    },
    enabled: search !== '',
  })

/** Pages of a run too large to be held at once. */
export const pagesOf = (run: number) => ['suggestions', run, 'pages']

type Asked = {
  decision?: 'OPEN' | 'AWAITS_SECOND' | 'ACCEPTED' | 'PUBLISHED' | 'REFUSED'
  state?: 'LOCKED'
  tier?: 'deep' | 'poor'
  province?: string
  helper_province?: string
  assigned?: 'MINE' | 'NOBODY'
  search?: string
  ordering?: string
  page: number
}

export const FIRM_PAGE_SIZE = 50

export const suggestionPageQuery = (run: number, asked: Asked) =>
  queryOptions({
    queryKey: [...pagesOf(run), asked],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/runs/{id}/suggestions', {
          params: { path: { id: run }, query: { ...asked, page_size: FIRM_PAGE_SIZE } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })

export const suggestionsAddress = (run: number, { page: _, ...asked }: Asked) =>
  addressOf(`/api/runs/${run}/suggestions`, asked)

export type Verdict = 'ACCEPTED' | 'REFUSED'
export type Deciding = { id: number; verdict: Verdict; reason: string }

/** Decide on one suggestion. */
export function useDecide(run: number) {
  return useSaid(run, async ({ id, ...decision }: Deciding) =>
    body(await api.POST('/api/suggestions/{id}/decision', { params: { path: { id } }, body: decision })),
  )
}

export type Looking = { id: number; step: 'CONFIRM' | 'UNDO'; reason: string }

/** Confirm an acceptance as the second person, or make it undecided again. */
export function useLook(run: number) {
  return useSaid(run, async ({ id, ...look }: Looking) =>
    body(await api.POST('/api/suggestions/{id}/second-look', { params: { path: { id } }, body: look })),
  )
}

/** What is said of one suggestion; the fresh row takes its place in the list. */
function useSaid<V>(run: number, say: (given: V) => Promise<Suggestion>) {
  const client = useQueryClient()
  const { queryKey } = suggestionsQuery(run)
  return useMutation({
    mutationFn: say,
    onSuccess: fresh => {
      client.setQueryData(queryKey, rows => rows?.map(row => (row.id === fresh.id ? fresh : row)))
      for (const stale of [reviewQuery(run).queryKey, pagesOf(run), ['inbox']]) {
        void client.invalidateQueries({ queryKey: stale })
      }
    },
    // Somebody else was first, or the pair is taken: show what is so now.
    onError: () => client.invalidateQueries({ queryKey }),
  })
}

function useTold<V>(run: number, tell: (given: V) => Promise<Review>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: tell,
    onSuccess: state => client.setQueryData(reviewQuery(run).queryKey, state),
    // Also after a refusal: somebody else was first, or a side has answered.
    onSettled: () => {
      for (const stale of [['suggestions', run], ['inbox'], ['workbench'], ['coverage'], ['pairings']]) {
        void client.invalidateQueries({ queryKey: stale })
      }
    },
  })
}

/** Put accepted suggestions to both sides, all of them or none. */
export function usePublish(run: number) {
  return useTold(run, async (given: { suggestions: number[]; note: string }) =>
    body(await api.POST('/api/runs/{id}/publications', { params: { path: { id: run } }, body: given })),
  )
}

/** Take back what nobody has answered of a publication. */
export function useTakeBack(run: number) {
  return useTold(run, async ({ publication, reason }: { publication: number; reason: string }) =>
    body(
      await api.POST('/api/publications/{id}/taking-back', {
        params: { path: { id: publication } },
        body: { reason },
      }),
    ),
  )
}

/** Coordinators who may be asked to review, and how many suggestions of the run wait for each. */
export const reviewersQuery = (run: number) =>
  queryOptions({
    queryKey: ['suggestions', run, 'reviewers'],
    queryFn: async ({ signal }): Promise<Reviewer[]> =>
      body(await api.GET('/api/runs/{id}/assignments', { params: { path: { id: run } }, signal })),
  })

/** Which suggestions are meant: those named, or all open ones that the filters of the list let through. */
export type Meant = { suggestions: number[] } | { where: Record<string, string> }

/** Give suggestions to somebody to review; null leaves them open to all. */
export function useAssign(run: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (given: Meant & { to: string | null }) =>
      body(await api.POST('/api/runs/{id}/assignments', { params: { path: { id: run } }, body: given })),
    onSuccess: () => {
      for (const stale of [['suggestions', run], ['inbox']]) void client.invalidateQueries({ queryKey: stale })
    },
  })
}

/** Leave a remark on a suggestion; the fresh row takes its place in the list. */
export function useNote(run: number) {
  const client = useQueryClient()
  const { queryKey } = suggestionsQuery(run)
  return useMutation({
    mutationFn: async ({ id, text }: { id: number; text: string }) =>
      body(await api.POST('/api/suggestions/{id}/notes', { params: { path: { id } }, body: { text } })),
    onSuccess: fresh => {
      client.setQueryData(queryKey, rows => rows?.map(row => (row.id === fresh.id ? fresh : row)))
    },
  })
}

import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { api, body } from '@/api/client'
import type { Scenario, ScenarioVerb } from '@/api/types'

export type PairCodes = { helper: string; recipient: string }

/** Why a pair is suggested or not, and what would follow from another answer. A run does not change, nor does this. */
export const whyQuery = (run: number, { helper, recipient }: PairCodes) =>
  queryOptions({
    queryKey: ['runs', 'why', run, helper, recipient],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/runs/{id}/pairs/{helper}/{recipient}/why', {
          params: { path: { id: run, helper, recipient } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

/** What the reader tries on this run, with its consequences. */
export const scenarioQuery = (run: number) =>
  queryOptions({
    queryKey: ['runs', 'scenario', run],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/runs/{id}/scenario', { params: { path: { id: run } }, signal })),
  })

export type Trying = PairCodes & { verb: ScenarioVerb }

function useAnswered<V>(run: number, ask: (given: V) => Promise<Scenario>) {
  const client = useQueryClient()
  const { queryKey } = scenarioQuery(run)
  return useMutation({
    mutationFn: ask,
    onSuccess: answer => client.setQueryData(queryKey, answer),
    onError: () => client.invalidateQueries({ queryKey }),
  })
}

/** Pin, ban or release a pair; the answer takes the place of the one before. */
export function useTry(run: number) {
  return useAnswered(run, async (change: Trying) =>
    body(await api.POST('/api/runs/{id}/scenario', { params: { path: { id: run } }, body: { reason: '', ...change } })),
  )
}

export function useDiscard(run: number) {
  return useAnswered(run, async () =>
    body(await api.DELETE('/api/runs/{id}/scenario', { params: { path: { id: run } } })),
  )
}

/** Have it solved and proven as a run of its own, and go there. */
export function useAdopt(run: number) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (reason: string) =>
      body(await api.POST('/api/runs/{id}/scenario/adoption', { params: { path: { id: run } }, body: { reason } })),
    // Here and not with the caller: what was tried is empty once asked for anew, and the bar that called is gone.
    onSuccess: async made => {
      await navigate(`/runs/${made.id}`)
      await client.invalidateQueries({ queryKey: ['runs'] })
    },
  })
}

/** What is tried, or was told to the run, about this pair. */
export function standingChange(scenario: Scenario | undefined, pair: PairCodes): ScenarioVerb | null {
  const same = (one: { helper: { code: string }; recipient: { code: string } }) =>
    one.helper.code === pair.helper && one.recipient.code === pair.recipient
  const tried = scenario?.changes.find(same)
  if (tried) return tried.verb === 'RELEASE' ? null : tried.verb
  return (scenario?.inherited.find(same)?.verb as ScenarioVerb | undefined) ?? null
}

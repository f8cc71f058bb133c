import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api, body } from '@/api/client'
import { useIdempotencyKeys } from '@/api/idempotency'
import type { components } from '@/api/schema'

type Schemas = components['schemas']
export type Proposal = Schemas['AllocationProposal']
export type Line = Schemas['AllocationLine']
export type Earmark = Schemas['Earmark']

/** How the reader's free commitments of a year could meet needs; without a year, of the latest that has some. */
export const allocationQuery = (year: number | undefined) =>
  queryOptions({
    queryKey: ['commitments', 'allocation', year],
    queryFn: async ({ signal }) => body(await api.GET('/api/allocation', { params: { query: { year } }, signal })),
    placeholderData: keepPreviousData,
  })

/** What helpers mean for a need, or what was earmarked of a year's commitments. */
export const earmarksQuery = (asked: { need?: number; year?: number }) =>
  queryOptions({
    queryKey: ['commitments', 'earmarks', asked],
    queryFn: async ({ signal }) => body(await api.GET('/api/earmarks', { params: { query: asked }, signal })),
    enabled: Boolean(asked.need ?? asked.year),
  })

/** Accept a line, or take an earmark back with a negative amount and a reason. */
export function useEarmark() {
  const client = useQueryClient()
  const keys = useIdempotencyKeys()
  // What was done once may be done again later: the same content is a retry only until it succeeded.
  const done = useRef(0)
  return useMutation({
    mutationFn: async (content: Schemas['EarmarkCreateRequest']) =>
      body(
        await api.POST('/api/earmarks', {
          params: { header: { 'Idempotency-Key': keys.for([done.current, content]) } },
          body: content,
        }),
      ),
    onSuccess: () => {
      done.current += 1
    },
    onSettled: () =>
      Promise.all([['commitments'], ['needs'], ['inbox']].map(queryKey => client.invalidateQueries({ queryKey }))),
  })
}

/** Who helps whom, what came of it, and when: asked by the pages of places and of parties. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, body } from './client'
import { addressOf } from './files'

/** Whose relations: those that reach a place, or those that a party or the government of a place gives. */
export type Whose = { area: string } | { helper_area: string } | { helper: number }

const ALL = 1000

export const relationsQuery = (whose: Whose) =>
  queryOptions({
    queryKey: ['relations', whose],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/relations', { params: { query: { ...whose, page_size: ALL } }, signal })).results,
  })

export const relationsAddress = (whose: Whose): string => addressOf('/api/relations', whose)

/** Whose money and life: a place's by its code, a party's by its number. */
export type Subject = { code: string } | { party: number }

export const moneyQuery = (subject: Subject) =>
  queryOptions({
    queryKey: ['money', subject],
    queryFn: async ({ signal }) =>
      body(
        'code' in subject
          ? await api.GET('/api/areas/{code}/money', { params: { path: { code: subject.code } }, signal })
          : await api.GET('/api/parties/{id}/money', { params: { path: { id: subject.party } }, signal }),
      ),
    placeholderData: keepPreviousData,
  })

/** Projects of a place that both sides consented to, the newest first. */
export const publicProjectsQuery = (code: string) =>
  queryOptions({
    queryKey: ['projects', 'public', code],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/areas/{code}/projects', {
          params: { path: { code }, query: { page_size: 20 } },
          signal,
        }),
      ),
  })

export const publicProjectsAddress = (code: string): string => addressOf(`/api/areas/${code}/projects`, {})

export const timelineQuery = (subject: Subject) =>
  infiniteQueryOptions({
    queryKey: ['timeline', subject],
    queryFn: async ({ signal, pageParam }) => {
      const query = { before: pageParam ?? undefined }
      return body(
        'code' in subject
          ? await api.GET('/api/areas/{code}/timeline', { params: { path: { code: subject.code }, query }, signal })
          : await api.GET('/api/parties/{id}/timeline', { params: { path: { id: subject.party }, query }, signal }),
      )
    },
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
  })

/** Kept under the room of its subject (`needs` of `needs.need`), whose changes it is asked anew with. */
export const historyQuery = (subject_type: string, subject_id: string) =>
  queryOptions({
    queryKey: [subject_type.split('.')[0], 'history', subject_id],
    queryFn: async ({ signal }) =>
      body(await api.GET('/api/history', { params: { query: { subject_type, subject_id } }, signal })),
  })

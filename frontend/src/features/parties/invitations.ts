import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, body, ifMatch } from '@/api/client'
import { useEntering } from '@/api/session'
import type { Invitation, Party, Role } from '@/api/types'

export const invitationsQuery = (party: number) =>
  queryOptions({
    queryKey: ['parties', 'invitations', party],
    queryFn: async ({ signal }) =>
      body(
        await api.GET('/api/parties/{id}/invitations', {
          params: { path: { id: party }, query: { page_size: 200 } },
          signal,
        }),
      ).results,
  })

export type InvitableRole = Exclude<Role, 'COORDINATOR' | 'AUDITOR' | 'ADMINISTRATOR'>

/** Answers with the token, which is nowhere to be read again: the component keeps it until it is left. */
export function useInvite(party: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (invited: { display_name: string; role: InvitableRole }) =>
      body(await api.POST('/api/parties/{id}/invitations', { params: { path: { id: party } }, body: invited })),
    onSuccess: () => client.invalidateQueries({ queryKey: invitationsQuery(party).queryKey }),
  })
}

export function useWithdraw(party: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ id, version }: Invitation) =>
      body(await api.POST('/api/invitations/{id}/withdrawal', { params: { path: { id }, header: ifMatch(version) } })),
    onSettled: () => client.invalidateQueries({ queryKey: invitationsQuery(party).queryKey }),
  })
}

/** What a link is for; a POST, so that the token stands in no address and no log. */
export const invitedQuery = (token: string) =>
  queryOptions({
    queryKey: ['invited', token],
    queryFn: async () => body(await api.POST('/api/invitations/look', { body: { token } })),
    enabled: token !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const useAccept = () =>
  useEntering(async (accepted: { token: string; username: string; password: string }) =>
    body(await api.POST('/api/invitations/accept', { body: accepted })),
  )

export function useMerge(duplicate: number, onMerged: (kept: Party) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ version, ...merger }: { into: number; reason: string; version: number }) =>
      body(
        await api.POST('/api/parties/{id}/merger', {
          params: { path: { id: duplicate }, header: ifMatch(version) },
          body: merger,
        }),
      ),
    // Told first: asked for anew, the duplicate is no more, and neither is the panel that called.
    onSuccess: kept => {
      onMerged(kept)
      return client.invalidateQueries()
    },
  })
}

import { type QueryClient, queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { api, body, rememberCsrf } from './client'
import type { Role, Session, User } from './types'

function remember(session: Session): Session {
  rememberCsrf(session.csrf_token)
  return session
}

/** Who this browser is logged in as; asked once and kept until somebody logs in or out. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }) => remember(body(await api.GET('/api/session', { signal }))),
  staleTime: Number.POSITIVE_INFINITY,
})

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data
}

/** The logged-in user; pages behind the guard may rely on there being one. */
export function useUser(): User {
  const { user } = useSession()
  if (!user) throw new Error('this page needs a log-in; its route has no guard')
  return user
}

/** Take over a session; nothing that another log-in saw may stay. */
function enter(client: QueryClient, session: Session): void {
  client.setQueryData(sessionQuery.queryKey, session)
  client.removeQueries({ predicate: query => query.queryKey[0] !== 'session' })
}

/** A door whose answer is the session of whoever came in. */
export function useEntering<Sent>(send: (sent: Sent) => Promise<Session>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (sent: Sent) => remember(await send(sent)),
    onSuccess: session => enter(client, session),
  })
}

export const useLogIn = () =>
  useEntering(async (credentials: { username: string; password: string }) =>
    body(await api.POST('/api/session', { body: credentials })),
  )

export function useLogOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      await api.DELETE('/api/session')
      return remember(body(await api.GET('/api/session')))
    },
    onSuccess: session => enter(client, session),
  })
}

export const OVERSEERS: readonly Role[] = ['COORDINATOR', 'AUDITOR']
export const RUN_READERS: readonly Role[] = ['COORDINATOR', 'AUDITOR']

/** The page a role starts on. */
export function homeOf(user: User | null): string {
  if (!user || user.role === 'ADMINISTRATOR') return '/counties'
  return OVERSEERS.includes(user.role) ? '/workbench' : '/inbox'
}

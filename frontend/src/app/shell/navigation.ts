import type { Role } from '@/api/types'

export type NavKey =
  | 'workbench'
  | 'inbox'
  | 'programmes'
  | 'runs'
  | 'pairings'
  | 'agreements'
  | 'commitments'
  | 'counties'
  | 'needs'

const PATHS: Record<NavKey, string> = {
  workbench: '/workbench',
  inbox: '/inbox',
  programmes: '/programmes',
  runs: '/runs',
  pairings: '/pairings',
  agreements: '/agreements',
  commitments: '/commitments',
  counties: '/counties',
  needs: '/needs',
}

const PARTIES: NavKey[] = ['inbox', 'pairings', 'commitments', 'agreements', 'needs', 'counties', 'programmes']

/** What each role finds in its navigation, most used first: a phone shows the first four. */
const BY_ROLE: Record<Role, NavKey[]> = {
  COORDINATOR: [
    'workbench',
    'runs',
    'pairings',
    'inbox',
    'commitments',
    'agreements',
    'needs',
    'counties',
    'programmes',
  ],
  AUDITOR: ['workbench', 'runs', 'pairings', 'commitments', 'agreements', 'needs', 'counties', 'programmes'],
  ADMINISTRATOR: ['counties', 'programmes'],
  PARTNER: PARTIES,
  RECIPIENT: PARTIES,
  CENTRAL_UNIT: PARTIES,
  COMPANY: PARTIES,
  FEDERATION: ['inbox', 'needs', 'counties', 'programmes'],
}

const PUBLIC: NavKey[] = ['counties', 'needs', 'programmes']

export function navigationOf(role: Role | undefined): { key: NavKey; path: string }[] {
  return (role ? BY_ROLE[role] : PUBLIC).map(key => ({ key, path: PATHS[key] }))
}

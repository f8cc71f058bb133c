import type { Role } from '@/api/types'

export type NavKey =
  | 'workbench'
  | 'inbox'
  | 'programmes'
  | 'runs'
  | 'pairings'
  | 'agreements'
  | 'commitments'
  | 'projects'
  | 'counties'
  | 'needs'
  | 'parties'
  | 'organisation'
  | 'registrations'
  | 'villages'
  | 'interests'

const PATHS: Record<NavKey, string> = {
  workbench: '/workbench',
  inbox: '/inbox',
  programmes: '/programmes',
  runs: '/runs',
  pairings: '/pairings',
  agreements: '/agreements',
  commitments: '/commitments',
  projects: '/projects',
  counties: '/counties',
  needs: '/needs',
  parties: '/parties',
  organisation: '/organisation',
  registrations: '/registrations',
  villages: '/villages',
  interests: '/interests',
}

const PARTIES: NavKey[] = [
  'inbox',
  'pairings',
  'commitments',
  'projects',
  'agreements',
  'needs',
  'parties',
  'counties',
  'programmes',
]
// Whoever offers something says so on a page of its own.
const HELPERS: NavKey[] = [...PARTIES, 'organisation']
const OVERSIGHT: NavKey[] = [
  'commitments',
  'projects',
  'agreements',
  'needs',
  'interests',
  'parties',
  'counties',
  'programmes',
]

/** What each role finds in its navigation, most used first: a phone shows the first four. */
const BY_ROLE: Record<Role, NavKey[]> = {
  COORDINATOR: ['workbench', 'runs', 'pairings', 'inbox', ...OVERSIGHT],
  AUDITOR: ['workbench', 'runs', 'pairings', ...OVERSIGHT],
  ADMINISTRATOR: ['parties', 'counties', 'programmes'],
  PARTNER: HELPERS,
  RECIPIENT: [...PARTIES, 'interests'],
  CENTRAL_UNIT: HELPERS,
  COMPANY: [
    'organisation',
    'villages',
    'inbox',
    'needs',
    'interests',
    'pairings',
    'commitments',
    'projects',
    'parties',
    'counties',
    'programmes',
  ],
  FEDERATION: ['inbox', 'registrations', 'interests', 'parties', 'needs', 'counties', 'programmes'],
}

const PUBLIC: NavKey[] = ['counties', 'needs', 'parties', 'programmes']

export function navigationOf(role: Role | undefined): { key: NavKey; path: string }[] {
  return (role ? BY_ROLE[role] : PUBLIC).map(key => ({ key, path: PATHS[key] }))
}

import { createBrowserRouter, type RouteObject } from 'react-router'
import { OVERSEERS, RUN_READERS } from '@/api/session'
import { Crashed } from './Crashed'
import { Guard, Home } from './guards'
import { NotFound } from './NotFound'
import { Shell } from './shell/Shell'

type Page = { default: () => React.ReactNode }

/** A page in a file of its own, fetched when somebody goes there. */
const page = (path: string, load: () => Promise<Page>): RouteObject => ({
  path,
  lazy: async () => ({ Component: (await load()).default }),
})

export function createRouter() {
  return createBrowserRouter([
    {
      Component: Shell,
      ErrorBoundary: Crashed,
      HydrateFallback: () => null,
      children: [
        {
          ErrorBoundary: Crashed,
          children: [
            { index: true, Component: Home },
            page('login', () => import('@/features/session/LogInPage')),
            page('join', () => import('@/features/parties/JoinPage')),
            page('invitation', () => import('@/features/parties/InvitationPage')),
            page('parties', () => import('@/features/parties/PartyListPage')),
            page('parties/:id', () => import('@/features/parties/PartyPage')),
            page('parties/:id/results', () => import('@/features/parties/ResultsPage')),
            page('counties', () => import('@/features/places/CountyListPage')),
            page('counties/:code', () => import('@/features/places/CountyPage')),
            page('programmes', () => import('@/features/programmes/ProgrammesPage')),
            page('needs', () => import('@/features/needs/NeedListPage')),
            page('needs/:id', () => import('@/features/needs/NeedPage')),
            {
              element: <Guard />,
              children: [
                page('needs/new', () => import('@/features/needs/NeedFormPage')),
                page('needs/:id/change', () => import('@/features/needs/NeedFormPage')),
                page('imports', () => import('@/features/exchange/ImportStartPage')),
                page('imports/:id', () => import('@/features/exchange/ImportPage')),
                page('organisation', () => import('@/features/parties/OwnPartyPage')),
                page('registrations', () => import('@/features/parties/QueuePage')),
                page('registrations/:id', () => import('@/features/parties/RegistrationPage')),
                page('villages', () => import('@/features/villages/VillagesPage')),
                page('interests', () => import('@/features/villages/InterestListPage')),
                page('inbox', () => import('@/features/inbox/InboxPage')),
                page('pairings', () => import('@/features/pairings/PairingListPage')),
                page('pairings/new', () => import('@/features/pairings/PairingFormPage')),
                page('pairings/:id', () => import('@/features/pairings/PairingPage')),
                page('agreements', () => import('@/features/agreements/AgreementListPage')),
                page('agreements/new', () => import('@/features/agreements/AgreementFormPage')),
                page('agreements/:id', () => import('@/features/agreements/AgreementPage')),
                page('agreements/:id/change', () => import('@/features/agreements/AgreementFormPage')),
                page('commitments', () => import('@/features/commitments/CommitmentListPage')),
                page('commitments/new', () => import('@/features/commitments/CommitmentFormPage')),
                page('commitments/year', () => import('@/features/commitments/YearPage')),
                page('commitments/differences', () => import('@/features/commitments/DifferencesPage')),
                page('projects', () => import('@/features/projects/ProjectListPage')),
                page('projects/new', () => import('@/features/projects/ProjectFormPage')),
                page('projects/:id', () => import('@/features/projects/ProjectPage')),
                page('projects/:id/change', () => import('@/features/projects/ProjectFormPage')),
                page('allocation', () => import('@/features/projects/AllocationPage')),
                page('assets', () => import('@/features/projects/AssetListPage')),
                page('counties/:code/balance', () => import('@/features/commitments/BalancePage')),
                page('commitments/:id', () => import('@/features/commitments/CommitmentPage')),
                page('commitments/:id/arrival', () => import('@/features/commitments/ArrivalFormPage')),
              ],
            },
            {
              element: <Guard roles={OVERSEERS} />,
              children: [page('workbench', () => import('@/features/workbench/WorkbenchPage'))],
            },
            {
              element: <Guard roles={RUN_READERS} />,
              children: [
                page('programmes/policy', () => import('@/features/programmes/PolicyPage')),
                page('runs', () => import('@/features/runs/RunListPage')),
                page('runs/compare', () => import('@/features/runs/ComparePage')),
                page('runs/:id', () => import('@/features/runs/RunPage')),
                page('runs/:id/review', () => import('@/features/review/ReviewPage')),
              ],
            },
            { path: '*', Component: NotFound },
          ],
        },
      ],
    },
  ])
}

import { useTranslation } from 'react-i18next'
import { Navigate, Outlet, useLocation } from 'react-router'
import { homeOf, useSession } from '@/api/session'
import type { Role } from '@/api/types'
import { Page } from '@/ui/layout/Page'
import { ForbiddenMessage } from '@/ui/state/States'

/** Pages that need a log-in, and perhaps one of some roles. What a role may do is decided by the API all the same. */
export function Guard({ roles }: { roles?: readonly Role[] }) {
  const { user } = useSession()
  const { pathname, search } = useLocation()
  if (!user) return <Navigate to={`/login?next=${encodeURIComponent(pathname + search)}`} replace />
  return roles && !roles.includes(user.role) ? <Forbidden /> : <Outlet />
}

function Forbidden() {
  const { t } = useTranslation()
  return (
    <Page title={t('common.states.forbidden_title')} width="narrow">
      <ForbiddenMessage fill />
    </Page>
  )
}

export function Home() {
  const { user } = useSession()
  return <Navigate to={user ? homeOf(user) : '/login'} replace />
}

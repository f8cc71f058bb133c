import { useTranslation } from 'react-i18next'
import { useLocation } from 'react-router'
import { Page } from '@/ui/layout/Page'
import { MissingMessage } from '@/ui/state/States'

export function NotFound() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  return (
    <Page title={t('common.states.missing_title')} width="narrow">
      <MissingMessage why={pathname} fill />
    </Page>
  )
}

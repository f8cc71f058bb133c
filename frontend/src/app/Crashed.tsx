import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useRouteError } from 'react-router'
import { Problem, Unreachable } from '@/api/problem'
import { Page } from '@/ui/layout/Page'
import { Failed, Message } from '@/ui/state/States'

/** A chunk that is gone: the server was updated while this window stayed open. */
function isOutdated(error: unknown): boolean {
  return (
    error instanceof TypeError && /dynamically imported module|module script|Importing a module/i.test(error.message)
  )
}

/** The last resort: what a page shows that could not be shown. */
export function Crashed() {
  const { t } = useTranslation()
  const error = useRouteError()
  const reload = () => window.location.reload()
  if (error instanceof Problem || error instanceof Unreachable) {
    return (
      <Page title={t('common.states.failed_title')} width="narrow">
        <Failed error={error} retry={reload} fill />
      </Page>
    )
  }
  const words = isOutdated(error) ? 'outdated' : 'crashed'
  return (
    <Page title={t(`common.states.${words}_title`)} width="narrow">
      <div role="alert">
        <Message
          fill
          tone="danger"
          title={t(`common.states.${words}_title`)}
          action={<Button onClick={reload}>{t('common.states.reload')}</Button>}
        >
          <p>{t(`common.states.${words}_next`)}</p>
          {words === 'crashed' && <code>{error instanceof Error ? error.message : String(error)}</code>}
        </Message>
      </div>
    </Page>
  )
}

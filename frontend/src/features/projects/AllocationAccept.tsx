import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useReason } from '@/ui/state/States'
import { type Line, useEarmark } from './allocation'

/** Accept one line as it stands; nothing is typed. */
export function Accept({ line }: { line: Line }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const earmark = useEarmark()
  const accept = () =>
    earmark
      .mutateAsync({ commitment: line.commitment.id, need: line.need.id, amount_yuan: line.amount_yuan, reason: '' })
      .then(
        () => void message.success(t('projects.allocation.accepted')),
        (error: Error) => void message.error(reason(error)),
      )
  return (
    <Button
      loading={earmark.isPending}
      onClick={() => void accept()}
      aria-label={t('projects.allocation.accept_this', { need: line.need.title, from: line.commitment.title })}
    >
      {t('projects.allocation.accept')}
    </Button>
  )
}

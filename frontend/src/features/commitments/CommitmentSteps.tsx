import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { CommitmentDetail } from '@/api/types'
import { ActionButton } from '@/ui/form/ActionButton'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { useReason } from '@/ui/state/States'
import { SpendDialog } from './EntryDialogs'
import { useWithdraw } from './queries'

/** What the reader may do with the commitment as a whole. */
export function CommitmentSteps({ commitment }: { commitment: CommitmentDetail }) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [doing, setDoing] = useState<'SPEND' | 'WITHDRAW' | null>(null)
  const withdraw = useWithdraw(commitment.id)
  const may = commitment.my_steps
  return (
    <>
      {may.includes('SPEND') && (
        <Button type="primary" onClick={() => setDoing('SPEND')}>
          {t('commitments.steps.SPEND')}
        </Button>
      )}
      <ActionButton
        type={commitment.my_side === 'HELPER' ? 'primary' : 'default'}
        why={!may.includes('ARRIVE') && t('commitments.report_why')}
        onClick={() => void navigate(`/commitments/${commitment.id}/arrival`)}
      >
        {t('commitments.report')}
      </ActionButton>
      {may.includes('WITHDRAW') && (
        <Button onClick={() => setDoing('WITHDRAW')}>{t('commitments.steps.WITHDRAW')}</Button>
      )}
      {doing === 'SPEND' && <SpendDialog commitment={commitment} onClose={() => setDoing(null)} />}
      <ReasonDialog
        open={doing === 'WITHDRAW'}
        title={t('commitments.ask.WITHDRAW.title')}
        hint={t('commitments.ask.WITHDRAW.hint')}
        submit={t('commitments.steps.WITHDRAW')}
        missing={t('commitments.ask.missing')}
        pending={withdraw.isPending}
        error={withdraw.error && reason(withdraw.error)}
        onCancel={() => setDoing(null)}
        onSubmit={words =>
          withdraw.mutate(
            { reason: words },
            {
              onSuccess: () => {
                setDoing(null)
                void message.success(t('commitments.step_done.WITHDRAW'))
              },
            },
          )
        }
      />
    </>
  )
}

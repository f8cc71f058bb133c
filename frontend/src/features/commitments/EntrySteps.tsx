import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CommitmentDetail, LedgerEntry } from '@/api/types'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { useReason } from '@/ui/state/States'
import classes from './Commitments.module.css'
import { AcceptDialog } from './EntryDialogs'
import { useReverse } from './queries'

type Props = { commitment: CommitmentDetail; entry: LedgerEntry }

/** What the reader may do with one entry; the server says which steps those are. Answers have a place of their own. */
export function EntrySteps({ commitment, entry }: Props) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [doing, setDoing] = useState<'ACCEPT' | 'REVERSE' | null>(null)
  const reverse = useReverse(entry.id)
  const back = entry.my_steps.find(step => step === 'REVERSE' || step === 'ASK_REVERSAL')
  const steps = back === 'REVERSE' || back === 'ASK_REVERSAL' ? back : null
  return (
    <div className={classes.entrySteps}>
      {entry.my_steps.includes('ACCEPT') && (
        <Button size="small" type="primary" onClick={() => setDoing('ACCEPT')}>
          {t('commitments.steps.ACCEPT')}
        </Button>
      )}
      {steps && (
        <Button size="small" onClick={() => setDoing('REVERSE')}>
          {t(`commitments.steps.${steps}`)}
        </Button>
      )}
      {doing === 'ACCEPT' && <AcceptDialog commitment={commitment} entry={entry} onClose={() => setDoing(null)} />}
      {steps && (
        <ReasonDialog
          open={doing === 'REVERSE'}
          title={t(`commitments.ask.${steps}.title`)}
          hint={t(`commitments.ask.${steps}.hint`)}
          submit={t(`commitments.steps.${steps}`)}
          missing={t('commitments.ask.missing')}
          pending={reverse.isPending}
          error={reverse.error && reason(reverse.error)}
          onCancel={() => setDoing(null)}
          onSubmit={words =>
            reverse.mutate(
              { reason: words },
              {
                onSuccess: () => {
                  setDoing(null)
                  void message.success(t(`commitments.step_done.${steps}`))
                },
              },
            )
          }
        />
      )}
    </div>
  )
}

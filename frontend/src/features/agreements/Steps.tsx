import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Agreement, AgreementStep } from '@/api/types'
import { ActionButton } from '@/ui/form/ActionButton'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import classes from './Agreements.module.css'
import { useDecide, useRevise } from './queries'
import { SignDialog } from './SignDialog'

type Asking = 'SEND_BACK' | 'VOID'
const FORWARD: readonly AgreementStep[] = ['OFFER', 'SIGN']

/** What the reader may do with the agreement; the server says which steps those are. */
export function Steps({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [asking, setAsking] = useState<Asking | null>(null)
  const [signing, setSigning] = useState(false)
  const decide = useDecide(agreement)
  const revise = useRevise(agreement)
  const take = (step: 'OFFER' | Asking, words: string) =>
    decide.mutate(
      { step, reason: words },
      {
        onSuccess: fresh => {
          setAsking(null)
          void message.success(t(`agreements.done.${step}`))
          if (!fresh) void navigate('/agreements')
        },
      },
    )
  const pressed: Record<AgreementStep, () => void> = {
    CHANGE: () => void navigate(`/agreements/${agreement.id}/change`),
    OFFER: () => take('OFFER', ''),
    SIGN: () => setSigning(true),
    SEND_BACK: () => setAsking('SEND_BACK'),
    VOID: () => setAsking('VOID'),
    REVISE: () =>
      revise.mutate(undefined, {
        onSuccess: made => {
          void message.success(t('agreements.done.REVISE'))
          void navigate(`/agreements/${made.id}`)
        },
      }),
  }
  const failed = decide.error ?? revise.error
  return (
    <Panel title={t('agreements.handle')}>
      {agreement.my_steps.length === 0 && <p className={classes.small}>{t('agreements.handle_none')}</p>}
      <div className={classes.steps}>
        {agreement.my_steps.map(step => (
          <ActionButton
            key={step}
            type={FORWARD.includes(step) ? 'primary' : 'default'}
            loading={
              step === 'REVISE' ? revise.isPending : decide.isPending && decide.variables.step === step && !asking
            }
            onClick={pressed[step]}
          >
            {t(`agreements.steps.${step}`)}
          </ActionButton>
        ))}
      </div>
      {failed && !asking && (
        <p role="alert" className={classes.error}>
          {reason(failed)}
        </p>
      )}
      <SignDialog agreement={agreement} open={signing} onClose={() => setSigning(false)} />
      <ReasonDialog
        open={asking !== null}
        title={t(`agreements.ask.${asking ?? 'VOID'}.title`)}
        hint={t(`agreements.ask.${asking ?? 'VOID'}.hint`)}
        submit={t(`agreements.ask.${asking ?? 'VOID'}.submit`)}
        missing={t('agreements.ask_missing')}
        pending={decide.isPending}
        error={decide.error && reason(decide.error)}
        onCancel={() => {
          setAsking(null)
          decide.reset()
        }}
        onSubmit={words => asking && take(asking, words)}
      />
    </Panel>
  )
}

import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Need, NeedStep } from '@/api/types'
import { ActionButton } from '@/ui/form/ActionButton'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import classes from './Needs.module.css'
import { type Taken, useStep } from './queries'

type Asking = 'SEND_BACK' | 'MEET' | 'WITHDRAW'
const FORWARD: readonly NeedStep[] = ['REVIEW', 'PUBLISH']
const isAsking = (step: NeedStep): step is Asking => ['SEND_BACK', 'MEET', 'WITHDRAW'].includes(step)

/** What the reader may do with the need; the server says which steps those are. */
export function Steps({ need }: { need: Need }) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [asking, setAsking] = useState<Asking | null>(null)
  const step = useStep(need)
  const take = (taken: Taken, words: string) =>
    step.mutate(
      { step: taken, reason: words },
      {
        onSuccess: () => {
          setAsking(null)
          void message.success(t(`needs.done.${taken}`))
        },
      },
    )
  const pressed = (one: NeedStep) => {
    if (one === 'CHANGE') void navigate(`/needs/${need.id}/change`)
    else if (isAsking(one)) setAsking(one)
    else take(one, '')
  }
  return (
    <Panel title={t('needs.handle')}>
      {need.my_steps.length === 0 && <p className={classes.small}>{t('needs.handle_none')}</p>}
      <div className={classes.steps}>
        {need.my_steps.map(one => (
          <ActionButton
            key={one}
            type={FORWARD.includes(one) ? 'primary' : 'default'}
            loading={step.isPending && step.variables.step === one && !asking}
            onClick={() => pressed(one)}
          >
            {t(`needs.steps.${one}`)}
          </ActionButton>
        ))}
      </div>
      {step.error && !asking && (
        <p role="alert" className={classes.error}>
          {reason(step.error)}
        </p>
      )}
      <ReasonDialog
        open={asking !== null}
        title={t(`needs.ask.${asking ?? 'SEND_BACK'}.title`)}
        hint={t(`needs.ask.${asking ?? 'SEND_BACK'}.hint`)}
        submit={t(`needs.ask.${asking ?? 'SEND_BACK'}.submit`)}
        missing={t('needs.ask_missing')}
        pending={step.isPending}
        error={step.error && reason(step.error)}
        onCancel={() => {
          setAsking(null)
          step.reset()
        }}
        onSubmit={words => asking && take(asking, words)}
      />
    </Panel>
  )
}

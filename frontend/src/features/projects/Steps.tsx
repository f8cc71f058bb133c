import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { ProjectDetail, ProjectStep } from '@/api/types'
import { ActionButton } from '@/ui/form/ActionButton'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import { AssetDialog } from './AssetDialog'
import { AllotDialog, SpendDialog } from './MoneyDialogs'
import classes from './Projects.module.css'
import { type Decided, useClose, useDecide } from './queries'
import { ReportDialog } from './ReportDialog'

type Asking = 'DECLINE' | 'STOP'
type Dialog = 'ALLOT' | 'SPEND' | 'REPORT' | 'CLOSE'
/** Those that have their place beside what they are about. */
const ELSEWHERE: readonly ProjectStep[] = ['CONSENT', 'REACH', 'ATTACH', 'CORRECT']
const FORWARD: readonly ProjectStep[] = ['START', 'ACCEPT', 'CLOSE']

/** What the reader may do with the project; the server says which steps those are. */
export function Steps({ project }: { project: ProjectDetail }) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [asking, setAsking] = useState<Asking | null>(null)
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const decide = useDecide(project)
  const close = useClose(project)
  const take = (step: Decided['step'], words: string) =>
    decide.mutate(
      { step, reason: words },
      {
        onSuccess: () => {
          setAsking(null)
          void message.success(t(`projects.done.${step}`))
        },
      },
    )
  const pressed = (step: ProjectStep) => {
    if (step === 'CHANGE') void navigate(`/projects/${project.id}/change`)
    else if (step === 'DECLINE' || step === 'STOP') setAsking(step)
    else if (step === 'START' || step === 'ACCEPT') take(step, '')
    else setDialog(step as Dialog)
  }
  // Whoever is asked to agree declines beside it.
  const answering = project.my_steps.includes('CONSENT')
  const mine = project.my_steps.filter(step => !ELSEWHERE.includes(step) && !(answering && step === 'DECLINE'))
  const done = () => setDialog(null)
  if (mine.length === 0 && !dialog) return null
  return (
    <Panel title={t('projects.handle')}>
      <div className={classes.steps}>
        {mine.map(step => (
          <ActionButton
            key={step}
            type={FORWARD.includes(step) ? 'primary' : 'default'}
            loading={decide.isPending && decide.variables.step === step && !asking}
            onClick={() => pressed(step)}
          >
            {t(`projects.steps.${step}`)}
          </ActionButton>
        ))}
      </div>
      {decide.error && !asking && (
        <p role="alert" className={classes.error}>
          {reason(decide.error)}
        </p>
      )}
      {dialog === 'ALLOT' && <AllotDialog project={project} onClose={done} />}
      {dialog === 'SPEND' && <SpendDialog project={project} onClose={done} />}
      {dialog === 'REPORT' && <ReportDialog project={project} onClose={done} />}
      {dialog === 'CLOSE' && (
        <AssetDialog
          title={t('projects.asset.close_title')}
          accepted={project.accepted}
          initial={{ name: project.need.title }}
          pending={close.isPending}
          send={content => close.mutateAsync(content).then(() => void message.success(t('projects.asset.close_done')))}
          onClose={done}
        />
      )}
      <ReasonDialog
        open={asking !== null}
        title={t(`projects.ask.${asking ?? 'STOP'}.title`)}
        hint={t(`projects.ask.${asking ?? 'STOP'}.hint`)}
        submit={t(`projects.ask.${asking ?? 'STOP'}.submit`)}
        missing={t('projects.ask_missing')}
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

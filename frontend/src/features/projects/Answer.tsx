import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProjectDetail } from '@/api/types'
import { formatWan } from '@/lib/money'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { useReason } from '@/ui/state/States'
import classes from './Projects.module.css'
import { useConsent, useDecide } from './queries'

/** The proposal in one look, and one's word on it: one tap, or a reason. */
export function Answer({ project }: { project: ProjectDetail }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [declining, setDeclining] = useState(false)
  const consent = useConsent(project)
  const decide = useDecide(project)
  return (
    <section className={classes.answer} aria-labelledby="answer">
      <h2 id="answer">{t('projects.answer.title')}</h2>
      <p>
        {t('projects.answer.words', {
          planned: formatWan(project.planned),
          place: project.need.place,
          from: project.start_date,
          to: project.end_date,
          count: project.milestone_count,
          target: project.need.performance_target,
        })}
      </p>
      {consent.error && (
        <p role="alert" className={classes.error}>
          {reason(consent.error)}
        </p>
      )}
      <div className={classes.actions}>
        <Button
          type="primary"
          size="large"
          loading={consent.isPending}
          onClick={() =>
            // A promise and not a callback of the mutation: one's word takes this component off the page.
            consent.mutateAsync(null).then(
              () => void message.success(t('projects.answer.done')),
              () => undefined, // said above the buttons
            )
          }
        >
          {t('projects.answer.agree')}
        </Button>
        <Button size="large" onClick={() => setDeclining(true)}>
          {t('projects.steps.DECLINE')}
        </Button>
      </div>
      <ReasonDialog
        open={declining}
        title={t('projects.ask.DECLINE.title')}
        hint={t('projects.ask.DECLINE.hint')}
        submit={t('projects.ask.DECLINE.submit')}
        missing={t('projects.ask_missing')}
        pending={decide.isPending}
        error={decide.error && reason(decide.error)}
        onCancel={() => {
          setDeclining(false)
          decide.reset()
        }}
        onSubmit={words =>
          decide.mutateAsync({ step: 'DECLINE', reason: words }).then(
            () => void message.success(t('projects.done.DECLINE')),
            () => undefined, // said in the dialog
          )
        }
      />
    </section>
  )
}

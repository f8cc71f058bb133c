import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProjectDetail } from '@/api/types'
import { today } from '@/lib/format'
import { Tag } from '@/ui/facts/Tag'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import { Files } from './Files'
import { FormDialog } from './FormDialog'
import classes from './Projects.module.css'
import { useReach } from './queries'

type Milestone = ProjectDetail['milestones'][number]

/** The steps of the project in the order of their days, with what shows them. */
export function Milestones({ project }: { project: ProjectDetail }) {
  const { t } = useTranslation()
  return (
    <Panel
      title={t('projects.milestones.title')}
      aside={t('projects.reached_of', { reached: project.reached, count: project.milestone_count })}
    >
      <ul>
        {project.milestones.map(milestone => (
          <li key={milestone.id} className={classes.milestone}>
            <Line project={project} milestone={milestone} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Line({ project, milestone }: { project: ProjectDetail; milestone: Milestone }) {
  const { t } = useTranslation()
  const [dialog, setDialog] = useState<'reach' | 'reopen' | null>(null)
  const mine = project.my_steps.includes('REACH')
  const { name, done_date: done } = milestone
  return (
    <>
      <div className={classes.what}>
        <span className={classes.marks}>
          <strong>{name}</strong>
          {done && <Tag tone="ok">{t('projects.milestones.reached', { date: done })}</Tag>}
          {milestone.late && <Tag tone="danger">{t('projects.milestones.late')}</Tag>}
        </span>
        <span className={classes.small}>
          {t('projects.milestones.due', { date: milestone.due_date })}
          {milestone.done_by && ` · ${milestone.done_by}`}
        </span>
      </div>
      <div className={classes.files}>
        <Files
          project={project}
          milestone={milestone.id}
          label={t('projects.milestones.attach')}
          name={t('projects.milestones.attach_to', { name })}
        />
        {mine && !done && (
          <Button type="primary" onClick={() => setDialog('reach')}>
            {t('projects.milestones.reach')}
          </Button>
        )}
        {mine && done && (
          <Button type="text" onClick={() => setDialog('reopen')}>
            {t('projects.milestones.reopen')}
          </Button>
        )}
      </div>
      {dialog === 'reach' && <ReachDialog milestone={milestone} onClose={() => setDialog(null)} />}
      {dialog === 'reopen' && <ReopenDialog milestone={milestone} onClose={() => setDialog(null)} />}
    </>
  )
}

type DialogProps = { milestone: Milestone; onClose: () => void }

/** Today unless another day is said. */
function ReachDialog({ milestone, onClose }: DialogProps) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<{ done_date: string }>()
  const reach = useReach(milestone.id)
  return (
    <FormDialog<{ done_date: string }>
      title={t('projects.milestones.reach_title', { name: milestone.name })}
      submit={t('projects.milestones.reach')}
      form={form}
      initial={{ done_date: today() }}
      pending={reach.isPending}
      send={({ done_date }) =>
        reach
          .mutateAsync({ done_date, reason: '' })
          .then(() => void message.success(t('projects.milestones.reached_toast')))
      }
      onClose={onClose}
    >
      <Form.Item
        name="done_date"
        label={t('projects.milestones.date')}
        rules={[
          { required: true, message: t('projects.milestones.date_missing') },
          {
            validator: (_, value: string) =>
              value && value > today()
                ? Promise.reject(new Error(t('projects.milestones.date_future')))
                : Promise.resolve(),
          },
        ]}
      >
        <Input type="date" max={today()} />
      </Form.Item>
    </FormDialog>
  )
}

function ReopenDialog({ milestone, onClose }: DialogProps) {
  const { t } = useTranslation()
  const reason = useReason()
  const reach = useReach(milestone.id)
  return (
    <ReasonDialog
      open
      title={t('projects.ask.REOPEN.title', { name: milestone.name })}
      hint={t('projects.ask.REOPEN.hint')}
      submit={t('projects.ask.REOPEN.submit')}
      missing={t('projects.ask_missing')}
      pending={reach.isPending}
      error={reach.error && reason(reach.error)}
      onCancel={onClose}
      onSubmit={words => reach.mutate({ done_date: null, reason: words }, { onSuccess: onClose })}
    />
  )
}

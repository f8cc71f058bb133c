import { Progress as Bar } from 'antd'
import { useTranslation } from 'react-i18next'
import { FIRMS_VILLAGES } from '@/api/reference'
import { useUser } from '@/api/session'
import type { Run } from '@/api/types'
import { formatSeconds, formatTime } from '@/lib/format'
import { ActionButton } from '@/ui/form/ActionButton'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import { useCancelRun } from './queries'
import classes from './RunPage.module.css'

/** The names that the worker reports, in their order. */
const STAGES = [
  ['快照', 'snapshot'],
  ['候选', 'candidates'],
  ['求解', 'solve'],
  ['验证', 'verify'],
  ['说明', 'explain'],
  ['入库', 'store'],
] as const

/** How far the work is; it may be left and it may be stopped. */
export function Progress({ run }: { run: Run }) {
  const { t } = useTranslation()
  const user = useUser()
  const reason = useReason()
  const cancel = useCancelRun(run.id)
  const { job } = run
  // What refusing each would cost is asked of counties only.
  const stages = STAGES.filter(([, key]) => key !== 'explain' || run.channel !== FIRMS_VILLAGES)
  const at = stages.findIndex(([name]) => name === job.stage)
  const percent = Math.round((job.progress ?? 0) / 10)
  const queued = job.ahead ? t('runs.queued_behind', { count: job.ahead }) : t('runs.queued')
  const stopping = cancel.isPending || Boolean(job.cancel_requested_at)
  return (
    <Panel title={t('runs.progress_title')}>
      <p role="status">
        {run.status === 'REQUESTED' ? queued : t('runs.progress', { percent })}
        {job.seconds_left !== null && ` ${t('runs.left', { time: formatSeconds(job.seconds_left) })}`}
        {(job.attempts ?? 0) > 1 && ` ${t('runs.retried', { attempts: job.attempts })}`}
      </p>
      <Bar percent={percent} status="active" showInfo={false} aria-label={t('runs.progress_title')} />
      <ol className={classes.stages}>
        {stages.map(([name, key], index) => {
          const reached = job.stages.find(stage => stage.name === name)
          const state = index < at ? classes.done : index === at ? classes.now : ''
          return (
            <li
              key={key}
              className={`${classes.stage} ${state}`}
              aria-current={index === at ? 'step' : undefined}
              title={reached && formatTime(reached.at)}
            >
              <strong>{t(`runs.stages.${key}`)}</strong>
              <span>{reached?.note || t(`runs.stages_note.${key}`)}</span>
            </li>
          )
        })}
      </ol>
      {cancel.error && <p role="alert">{reason(cancel.error)}</p>}
      <div className={classes.progressFoot}>
        <span>{t('runs.can_leave')}</span>
        <ActionButton
          danger
          loading={stopping}
          why={user.role !== 'COORDINATOR' && t('runs.cancel_why')}
          onClick={() => cancel.mutate()}
        >
          {t(stopping ? 'runs.cancelling' : 'runs.cancel')}
        </ActionButton>
      </div>
    </Panel>
  )
}

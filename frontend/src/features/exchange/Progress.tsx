import { Progress as Bar } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ImportDetail } from '@/api/types'
import { Panel } from '@/ui/layout/Panel'
import classes from './Exchange.module.css'
import type { UnderWay } from './queries'

/** How far the work is; it may be left. */
export function Progress({ batch, doing }: { batch: ImportDetail; doing: UnderWay }) {
  const { t } = useTranslation()
  const { job } = batch
  const percent = Math.round((job.progress ?? 0) / 10)
  const stage = job.stages.find(one => one.name === job.stage)
  return (
    <Panel title={t(`exchange.progress.${doing}`)}>
      <p role="status">
        {job.status === 'QUEUED' ? t('exchange.queued') : t('exchange.percent', { percent })}
        {stage && ` ${stage.name} ${stage.note}`}
        {(job.attempts ?? 0) > 1 && ` ${t('exchange.retried', { attempts: job.attempts })}`}
      </p>
      <Bar percent={percent} status="active" showInfo={false} aria-label={t(`exchange.progress.${doing}`)} />
      <p className={classes.lead}>{t('exchange.can_leave')}</p>
    </Panel>
  )
}

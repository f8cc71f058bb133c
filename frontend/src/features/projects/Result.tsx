import { useTranslation } from 'react-i18next'
import type { ProjectDetail } from '@/api/types'
import { formatCount, formatMeasure } from '@/lib/format'
import { Panel } from '@/ui/layout/Panel'
import { Files } from './Files'
import classes from './Projects.module.css'

/** The target as the need has it, what was achieved, and what shows it. */
export function Result({ project }: { project: ProjectDetail }) {
  const { t } = useTranslation()
  const { need, result_quantity: done } = project
  const percent = project.completion_percent === null ? null : Number(project.completion_percent)
  return (
    <Panel title={t('projects.result.title')}>
      <p>
        <strong>{t('projects.result.target')}</strong> {need.performance_target}（{formatMeasure(need.quantity)}{' '}
        {need.unit}）
      </p>
      {done === null || percent === null ? (
        <p className={classes.small}>{t('projects.result.none')}</p>
      ) : (
        <>
          <div className={classes.bar} aria-hidden="true">
            <span style={{ width: `${Math.min(percent, 100)}%` }} />
          </div>
          <p>
            <strong>{t('projects.result.result')}</strong> {formatMeasure(done)} {need.unit} ·{' '}
            {t('projects.result.percent', { percent })}
            {typeof project.result_beneficiaries === 'number' &&
              ` · ${t('projects.result.beneficiaries')} ${t('projects.result.people', { people: formatCount(project.result_beneficiaries) })}`}
          </p>
          <p className={classes.words}>{project.result_note}</p>
          <p className={classes.small}>
            {t('projects.result.reported', { by: project.reported_by ?? '' })}
            {project.accepted_by &&
              ` · ${t('projects.result.accepted', { by: project.accepted_by, date: project.completed_date ?? '' })}`}
          </p>
        </>
      )}
      <Proof project={project} />
    </Panel>
  )
}

function Proof({ project }: { project: ProjectDetail }) {
  const { t } = useTranslation()
  const there = project.my_steps.includes('ATTACH') || project.files.some(file => file.milestone === null)
  if (!there) return null
  return (
    <div className={classes.proof}>
      <p className={classes.small}>{t('projects.result.proof')}</p>
      <Files project={project} milestone={null} label={t('projects.result.attach')} />
    </div>
  )
}

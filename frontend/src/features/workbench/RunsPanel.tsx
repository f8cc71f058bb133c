import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { formatTime } from '@/lib/format'
import { RunStatusTag } from '@/ui/facts/marks'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { latestRunsQuery } from './queries'
import classes from './WorkbenchPage.module.css'

export function RunsPanel() {
  const { t } = useTranslation()
  const query = useQuery(latestRunsQuery)
  return (
    <Panel title={t('workbench.runs_title')} aside={<Link to="/runs">{t('workbench.runs_more')}</Link>}>
      <QueryView
        query={query}
        isEmpty={runs => runs.length === 0}
        empty={
          <Empty
            compact
            title={t('workbench.runs_empty')}
            action={<Link to="/programmes/policy">{t('workbench.start_run')}</Link>}
          />
        }
      >
        {runs => (
          <ul className={classes.list}>
            {runs.map(run => (
              <li key={run.id} className={classes.item}>
                <Link to={`/runs/${run.id}`}>{t('runs.name', { id: run.id })}</Link>
                <RunStatusTag status={run.status} />
                <small>{formatTime(run.created_at)}</small>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  )
}

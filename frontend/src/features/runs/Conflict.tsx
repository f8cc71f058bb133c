import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Run } from '@/api/types'
import { Panel } from '@/ui/layout/Panel'
import classes from './RunPage.module.css'

type Named = { code: string; name: string }
type Told = { message?: string; shortfall?: number; recipients?: Named[]; helpers?: Named[] }

/** Why no set of pairs can meet the policy: who is concerned, by how much, and what would help. */
export function Conflict({ run }: { run: Run }) {
  const { t } = useTranslation()
  const told = (run.conflict ?? {}) as Told
  return (
    <Panel>
      <div className={classes.conflict}>
        <h2>{t('runs.infeasible')}</h2>
        {told.message && <p className={classes.message}>{told.message}</p>}
        {told.shortfall !== undefined && <p>{t('runs.shortfall', { count: told.shortfall })}</p>}
        <div className={classes.sides}>
          <Side
            title={t('runs.conflict_recipients', { count: told.recipients?.length ?? 0 })}
            areas={told.recipients}
          />
          <Side title={t('runs.conflict_helpers', { count: told.helpers?.length ?? 0 })} areas={told.helpers} />
        </div>
      </div>
    </Panel>
  )
}

const AT_ONCE = 24

/** Those concerned; a long list shows its beginning and the rest on demand. */
function Side({ title, areas = [] }: { title: string; areas?: Named[] }) {
  const { t } = useTranslation()
  if (areas.length === 0) return null
  const rest = areas.slice(AT_ONCE)
  return (
    <div>
      <h3>{title}</h3>
      <Names areas={areas.slice(0, AT_ONCE)} />
      {rest.length > 0 && (
        <details>
          <summary>{t('runs.conflict_rest', { count: rest.length })}</summary>
          <Names areas={rest} />
        </details>
      )}
    </div>
  )
}

function Names({ areas }: { areas: Named[] }) {
  return (
    <ul>
      {areas.map(area => (
        <li key={area.code}>
          <Link to={`/counties/${area.code}`}>{area.name}</Link>
        </li>
      ))}
    </ul>
  )
}

import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useUser } from '@/api/session'
import type { Run } from '@/api/types'
import { ConflictWords } from '@/ui/facts/ConflictWords'
import { ActionButton } from '@/ui/form/ActionButton'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import { countyAddress, isDivision, placesOf } from './comparing'
import { useCure } from './queries'
import classes from './RunPage.module.css'

type Named = NonNullable<Run['conflict']>['recipients'][number]

/** Why no set of pairs can meet the policy: who is concerned, by how much, and what would help, at one press. */
export function Conflict({ run }: { run: Run }) {
  const { t } = useTranslation()
  const told = run.conflict
  if (!told) return null
  return (
    <Panel>
      <div className={classes.conflict}>
        <h2>{t('runs.infeasible')}</h2>
        <ConflictWords conflict={told}>
          <ApplyCure run={run} />
        </ConflictWords>
        <div className={classes.sides}>
          <Side
            title={t('runs.conflict_recipients', { places: t(placesOf(run)), count: told.recipients.length })}
            areas={told.recipients}
          />
          <Side title={t('runs.conflict_helpers', { count: told.helpers.length })} areas={told.helpers} />
        </div>
      </div>
    </Panel>
  )
}

/** The policy's next version with the cure in it, and a run under that. */
function ApplyCure({ run }: { run: Run }) {
  const { t } = useTranslation()
  const user = useUser()
  const reason = useReason()
  const navigate = useNavigate()
  const cure = useCure(run.id)
  const forAll = run.conflict?.cure?.changes.every(change => change.code === '')
  const why = user.role !== 'COORDINATOR' || user.region ? t('runs.cure_why') : null
  return (
    <>
      <ActionButton
        type="primary"
        why={why}
        loading={cure.isPending}
        onClick={() => cure.mutate(undefined, { onSuccess: made => void navigate(`/runs/${made.id}`) })}
      >
        {t('runs.cure')}
      </ActionButton>
      <Link to="/programmes/policy">{t('runs.to_policy')}</Link>
      <p className={classes.small}>{t(forAll ? 'runs.cure_means_all' : 'runs.cure_means')}</p>
      {cure.error && <p role="alert">{reason(cure.error)}</p>}
    </>
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
          {isDivision(area.code) ? <Link to={countyAddress(area.code)}>{area.name}</Link> : area.name}
        </li>
      ))}
    </ul>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { FIRMS_VILLAGES } from '@/api/reference'
import { reviewQuery } from '@/api/review'
import { isUnderWay, runQuery } from '@/api/runs'
import { useUser } from '@/api/session'
import type { Run } from '@/api/types'
import { formatCount, formatSeconds, formatTime } from '@/lib/format'
import { Facts, Figure } from '@/ui/facts/Facts'
import { RunStatusTag } from '@/ui/facts/marks'
import { ActionButton } from '@/ui/form/ActionButton'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { MissingMessage } from '@/ui/state/States'
import { Certificate } from './Certificate'
import { Conflict } from './Conflict'
import { compareAddress } from './comparing'
import { Progress } from './Progress'
import { Robustness } from './Robustness'
import { RunFiles } from './RunFiles'
import classes from './RunPage.module.css'
import { Tradeoffs } from './Tradeoffs'

export default function RunPage() {
  const { t } = useTranslation()
  const id = Number(useParams().id)
  const query = useQuery({ ...runQuery(id), enabled: Number.isInteger(id) })
  const run = query.data
  return (
    <Page
      title={t('runs.name', { id })}
      lead={run && `${run.channel_name}，${t('common.year_of', { year: run.year })}`}
      crumbs={[{ to: '/runs', label: t('runs.title') }]}
      marks={run && <RunStatusTag status={run.status} />}
      actions={
        run &&
        !isUnderWay(run) && (
          <>
            <CopyLink run={run} />
            {run.status === 'READY' && <CompareLink run={run} />}
            {run.status === 'READY' && <ReviewLink run={run} />}
          </>
        )
      }
    >
      {Number.isInteger(id) ? (
        <QueryView query={query} fill>
          {found => <Body run={found} />}
        </QueryView>
      ) : (
        <MissingMessage fill />
      )}
    </Page>
  )
}

/** To a draft with this run's policy, which will be told the same pins and bans. */
function CopyLink({ run }: { run: Run }) {
  const { t } = useTranslation()
  const { role } = useUser()
  const navigate = useNavigate()
  return (
    <ActionButton
      size="large"
      why={role !== 'COORDINATOR' && t('runs.new_why')}
      onClick={() => void navigate(`/programmes/policy?channel=${run.channel}&copy=${run.id}`)}
    >
      {t('runs.copy')}
    </ActionButton>
  )
}

/** To what changed against the run that this one was made from, or else the one before it. */
function CompareLink({ run }: { run: Run }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const before = useQuery(reviewQuery(run.id)).data?.baseline
  const other = run.based_on ?? before
  if (!other) return null
  return (
    <Button size="large" onClick={() => void navigate(compareAddress(other, run.id))}>
      {run.based_on ? t('compare.with_based_on') : t('compare.with_previous', { id: other })}
    </Button>
  )
}

function ReviewLink({ run }: { run: Run }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const fresh = run.counts.new ?? 0
  return (
    <Button type="primary" size="large" onClick={() => void navigate(`/runs/${run.id}/review`)}>
      {fresh > 0 ? t('runs.review_count', { count: fresh }) : t('runs.review')}
    </Button>
  )
}

function Body({ run }: { run: Run }) {
  return (
    <>
      <Outcome run={run} />
      {run.status === 'READY' && <Robustness run={run} />}
      {run.status === 'READY' && <Tradeoffs run={run} />}
      <div className={classes.columns}>
        <About run={run} />
        {run.status === 'READY' || run.status === 'INFEASIBLE' ? <RunFiles run={run} /> : null}
      </div>
    </>
  )
}

/** What became of the run, in words; each end has its own next step. */
function Outcome({ run }: { run: Run }) {
  const { t } = useTranslation()
  if (isUnderWay(run)) return <Progress run={run} />
  if (run.status === 'INFEASIBLE') return <Conflict run={run} />
  if (run.status === 'CANCELLED') {
    return (
      <Panel>
        <p>{t('runs.cancelled')}</p>
        <ToPolicy />
      </Panel>
    )
  }
  if (run.status === 'FAILED') {
    return (
      <Panel>
        <div role="alert" className={classes.failed}>
          <strong>{t('runs.failed')}</strong>
          <p>{t('runs.failed_next')}</p>
          <code>{run.error || run.job.error}</code>
        </div>
        <ToPolicy />
      </Panel>
    )
  }
  return (
    <>
      <Certificate run={run} />
      <Result run={run} />
    </>
  )
}

function ToPolicy() {
  const { t } = useTranslation()
  return (
    <p className={classes.next}>
      <Link to="/programmes/policy">{t('runs.to_policy')}</Link>
    </p>
  )
}

const COUNTS = ['pairs', 'new', 'locked', 'deep', 'recipients', 'helpers', 'candidates'] as const
const FIRM_COUNTS = [...COUNTS, 'silent', 'unreachable'] as const
const SUMS = ['objective', 'coverage', 'fit', 'stability'] as const

function Result({ run }: { run: Run }) {
  const { t } = useTranslation()
  const named =
    run.channel === FIRMS_VILLAGES
      ? FIRM_COUNTS.map(name => [name, t(`runs.firm_figures.${name}`)] as const)
      : COUNTS.map(name => [name, t(`runs.figures.${name}`)] as const)
  const figures = named.filter(([name]) => run.counts[name] !== undefined)
  return (
    <Panel title={t('runs.result_title')}>
      <dl className={classes.figures}>
        {figures.map(([name, label]) => (
          <Figure
            key={name}
            label={label}
            value={formatCount(run.counts[name] ?? 0)}
            tone={name === 'pairs' ? 'strong' : name === 'deep' ? 'deep' : 'plain'}
          />
        ))}
      </dl>
      <dl className={classes.sums}>
        {SUMS.map(name => {
          const value = run[name]
          return (
            <div key={name}>
              <dt>{t(`runs.figures.${name}`)}</dt>
              <dd>{value === null ? '—' : formatCount(value)}</dd>
            </div>
          )
        })}
      </dl>
    </Panel>
  )
}

/** Of a solution, in the order in which they happen. */
const STEPS = ['split', 'network', 'solve', 'prices'] as const

function About({ run }: { run: Run }) {
  const { t } = useTranslation()
  const steps = STEPS.filter(step => step in run.seconds).map(
    step => `${t(`runs.steps.${step}`)} ${formatSeconds(run.seconds[step] ?? 0)}`,
  )
  return (
    <Panel title={t('runs.about_title')}>
      <Facts
        columns={2}
        items={[
          [t('runs.channel'), run.channel_name],
          [t('runs.year'), run.year],
          [t('runs.policy'), t('runs.policy_version', { version: run.policy_version, name: run.policy_name })],
          [t('runs.requested_by'), run.requested_by],
          [t('runs.requested_at'), formatTime(run.created_at)],
          [t('runs.finished_at'), run.finished_at ? formatTime(run.finished_at) : '—'],
          [t('runs.engine'), run.engine || '—'],
          [t('runs.seconds'), steps.join('，') || '—'],
          [t('runs.input'), <code key="sha">{run.input_sha256 || '—'}</code>],
        ]}
      />
    </Panel>
  )
}

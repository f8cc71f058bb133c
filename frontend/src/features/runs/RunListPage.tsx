import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useUser } from '@/api/session'
import type { Run } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { formatSeconds, formatTime } from '@/lib/format'
import { RunStatusTag } from '@/ui/facts/marks'
import { ActionButton } from '@/ui/form/ActionButton'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { Pager } from '@/ui/table/Pager'
import { compareAddress, whyNotCompare } from './comparing'
import { PAGE_SIZE, runsQuery } from './queries'
import classes from './RunPage.module.css'

function tookSeconds(run: Run): number | null {
  const steps = Object.values(run.seconds)
  return steps.length === 0 ? null : steps.reduce((a, b) => a + b, 0)
}

export default function RunListPage() {
  const { t } = useTranslation()
  const user = useUser()
  const navigate = useNavigate()
  const filters = useFilters()
  const query = useQuery(runsQuery(filters.page))
  const [chosen, setChosen] = useState<readonly Run[]>([])
  const pick = (run: Run) =>
    setChosen(before =>
      before.some(one => one.id === run.id) ? before.filter(one => one.id !== run.id) : [...before, run],
    )
  const picking = (run: Run) => <Pick run={run} chosen={chosen.some(one => one.id === run.id)} onPick={pick} />
  const action = (
    <ActionButton
      type="primary"
      why={user.role !== 'COORDINATOR' && t('runs.new_why')}
      onClick={() => void navigate('/programmes/policy')}
    >
      {t('runs.new')}
    </ActionButton>
  )
  const columns: Column<Run>[] = [
    {
      key: 'pick',
      title: <span className="visually-hidden">{t('compare.pick')}</span>,
      width: '44px',
      render: picking,
    },
    {
      key: 'run',
      title: t('runs.columns.run'),
      render: run => (
        <>
          <Link to={`/runs/${run.id}`}>{t('runs.name', { id: run.id })}</Link>
          <div className={classes.small}>
            {run.channel_name}，{run.year}
          </div>
        </>
      ),
    },
    { key: 'status', title: t('runs.columns.status'), render: run => <RunStatusTag status={run.status} /> },
    {
      key: 'policy',
      title: t('runs.columns.policy'),
      minor: true,
      render: run => t('runs.policy_version', { version: run.policy_version, name: run.policy_name }),
    },
    {
      key: 'pairs',
      title: t('runs.columns.pairs'),
      align: 'right',
      render: run =>
        run.counts.pairs === undefined ? (
          '—'
        ) : (
          <>
            {run.counts.pairs}
            <div className={classes.small}>{t('runs.new_pairs', { count: run.counts.new ?? 0 })}</div>
          </>
        ),
    },
    {
      key: 'seconds',
      title: t('runs.columns.seconds'),
      align: 'right',
      minor: true,
      render: run => {
        const took = tookSeconds(run)
        return took === null ? '—' : formatSeconds(took)
      },
    },
    { key: 'by', title: t('runs.columns.by'), minor: true, render: run => run.requested_by },
    { key: 'at', title: t('runs.columns.at'), render: run => formatTime(run.created_at) },
  ]
  return (
    <Page
      title={t('runs.title')}
      lead={t('runs.lead')}
      actions={
        <>
          <CompareButton chosen={chosen} />
          {action}
        </>
      }
    >
      <Panel flush>
        <QueryView
          query={query}
          isEmpty={data => data.count === 0}
          empty={
            <Empty title={t('runs.empty')} action={action}>
              {t('runs.empty_next')}
            </Empty>
          }
        >
          {data => (
            <DataTable
              caption={t('runs.caption')}
              rows={data.results}
              columns={columns}
              rowKey={run => run.id}
              card={run => <RunCard run={run} pick={picking(run)} />}
              footer={
                <Pager
                  count={data.count}
                  page={filters.page}
                  pageSize={PAGE_SIZE}
                  onPage={page => filters.set({ page })}
                />
              }
            />
          )}
        </QueryView>
      </Panel>
    </Page>
  )
}

/** Chooses a run for comparing; one without a result stays out. */
function Pick({ run, chosen, onPick }: { run: Run; chosen: boolean; onPick: (run: Run) => void }) {
  const { t } = useTranslation()
  const ready = run.status === 'READY'
  return (
    <input
      type="checkbox"
      className={classes.pick}
      aria-label={t('compare.pick_run', { id: run.id })}
      title={ready ? undefined : t('compare.pick_ready')}
      disabled={!ready}
      checked={chosen}
      onChange={() => onPick(run)}
    />
  )
}

function CompareButton({ chosen }: { chosen: readonly Run[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const why = whyNotCompare(chosen)
  const [a, b] = chosen
  return (
    <ActionButton why={why && t(`compare.${why}`)} onClick={() => a && b && void navigate(compareAddress(a.id, b.id))}>
      {t('compare.pick')}
    </ActionButton>
  )
}

function RunCard({ run, pick }: { run: Run; pick: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={classes.card}>
      <span className={classes.cardName}>
        {pick}
        <Link to={`/runs/${run.id}`}>{t('runs.name', { id: run.id })}</Link>
      </span>
      <RunStatusTag status={run.status} />
      <span className={classes.small}>
        {run.channel_name}，{run.year}；
        {t('runs.policy_version', { version: run.policy_version, name: run.policy_name })}
      </span>
      <span className={classes.small}>{formatTime(run.created_at)}</span>
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { FIRMS_VILLAGES } from '@/api/reference'
import { useUser } from '@/api/session'
import type { AskedTradeoffs, CurvePoint, Fairness, Run } from '@/api/types'
import { formatCount } from '@/lib/format'
import { Curve } from '@/ui/chart/Curve'
import { ActionButton } from '@/ui/form/ActionButton'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { useReason } from '@/ui/state/States'
import { DataTable } from '@/ui/table/DataTable'
import { placesOf } from './comparing'
import { tradeoffsQuery, useAskTradeoffs } from './queries'
import classes from './Tradeoffs.module.css'
import { enoughFor, type Gain, gainsOf } from './tradeoffs'

/** What further changes gain, and what the fairest choice would cost. */
export function Tradeoffs({ run }: { run: Run }) {
  const { t } = useTranslation()
  const query = useQuery(tradeoffsQuery(run.id))
  const places = t(placesOf(run))
  const wait = t(run.channel === FIRMS_VILLAGES ? 'runs.tradeoffs.wait.villages' : 'runs.tradeoffs.wait.counties')
  return (
    <Panel title={t('runs.tradeoffs.title')} note={t('runs.tradeoffs.note', { places, wait })}>
      <QueryView query={query}>
        {({ result, job }) =>
          result ? (
            <div className={classes.columns}>
              {result.curve ? <Gains curve={result.curve} /> : <Words>{t('runs.tradeoffs.curve_missing')}</Words>}
              <Fair fairness={result.fairness} places={places} />
            </div>
          ) : (
            <Ask run={run} job={job} />
          )
        }
      </QueryView>
    </Panel>
  )
}

function Ask({ run, job }: { run: Run; job: AskedTradeoffs['job'] }) {
  const { t } = useTranslation()
  const user = useUser()
  const reason = useReason()
  const ask = useAskTradeoffs(run.id)
  const under = job?.status === 'QUEUED' || job?.status === 'RUNNING'
  return (
    <div className={classes.ask}>
      <p role="status">
        {under ? t('runs.tradeoffs.computing') : job ? t('runs.tradeoffs.failed', { why: job.error }) : null}
      </p>
      {ask.error && <p role="alert">{reason(ask.error)}</p>}
      <ActionButton
        why={user.role !== 'COORDINATOR' && t('runs.tradeoffs.why')}
        loading={under || ask.isPending}
        onClick={() => ask.mutate()}
      >
        {t('runs.tradeoffs.ask')}
      </ActionButton>
    </div>
  )
}

function Gains({ curve }: { curve: readonly CurvePoint[] }) {
  const { t } = useTranslation()
  const gains = useMemo(() => gainsOf(curve), [curve])
  const points = useMemo(() => gains.map(one => ({ x: one.changes, y: one.gain, most: one.most })), [gains])
  const names = useMemo(() => ({ reached: t('runs.tradeoffs.reached'), most: t('runs.tradeoffs.most') }), [t])
  const last = gains.at(-1)
  const enough = enoughFor(gains, 90)
  if (!last) return <Words>{t('runs.tradeoffs.nothing_stands')}</Words>
  const unproven = gains.filter(one => !one.proven).length
  const said =
    enough === null
      ? t('runs.tradeoffs.no_gain')
      : t('runs.tradeoffs.said', {
          fewest: gains[0]?.changes ?? 0,
          enough,
          most: last.changes,
          gain: formatCount(last.gain),
        })
  return (
    <section>
      <h3>{t('runs.tradeoffs.curve')}</h3>
      <p>
        {said} {t(unproven === 0 ? 'runs.tradeoffs.all_proven' : 'runs.tradeoffs.some_unproven', { count: unproven })}
      </p>
      <Curve label={said} x={t('runs.tradeoffs.changes')} y={t('runs.tradeoffs.gain')} points={points} names={names} />
      <details className={classes.table}>
        <summary>{t('compare.table')}</summary>
        <DataTable
          caption={t('runs.tradeoffs.curve')}
          rows={gains}
          rowKey={(one: Gain) => one.changes}
          columns={[
            { key: 'changes', title: t('runs.tradeoffs.changes'), align: 'right', render: one => one.changes },
            { key: 'gain', title: t('runs.tradeoffs.gain'), align: 'right', render: one => formatCount(one.gain) },
            {
              key: 'proven',
              title: t('runs.tradeoffs.proof'),
              render: one =>
                one.proven
                  ? t('runs.tradeoffs.proven')
                  : t('runs.tradeoffs.unproven', { points: formatCount(one.most - one.gain) }),
            },
          ]}
        />
      </details>
    </section>
  )
}

/** Why there is no curve. */
function Words({ children }: { children: string }) {
  const { t } = useTranslation()
  return (
    <section>
      <h3>{t('runs.tradeoffs.curve')}</h3>
      <p>{children}</p>
    </section>
  )
}

function Fair({ fairness, places }: { fairness: Fairness; places: string }) {
  const { t } = useTranslation()
  const lost = fairness.run_fit - fairness.fit
  return (
    <section>
      <h3>{t('runs.tradeoffs.fair')}</h3>
      <p>
        {fairness.levels.every(level => level.run === level.fair)
          ? t('runs.tradeoffs.fair_already')
          : t(lost >= 0 ? 'runs.tradeoffs.fair_costs' : 'runs.tradeoffs.fair_gains', {
              places,
              moved: fairness.moved,
              points: formatCount(Math.abs(lost)),
            })}{' '}
        {t('runs.tradeoffs.price', { points: formatCount(fairness.price) })}
      </p>
      <DataTable
        caption={t('runs.tradeoffs.levels', { places })}
        rows={fairness.levels}
        rowKey={level => level.ratio}
        columns={[
          {
            key: 'ratio',
            title: t('runs.tradeoffs.ratio', { places }),
            render: level => `${(level.ratio / 100).toFixed(level.ratio % 100 === 0 ? 0 : 1)}%`,
          },
          { key: 'run', title: t('runs.tradeoffs.in_run'), align: 'right', render: level => formatCount(level.run) },
          { key: 'fair', title: t('runs.tradeoffs.in_fair'), align: 'right', render: level => formatCount(level.fair) },
        ]}
      />
    </section>
  )
}

import { useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pairing, SubPairing, SubPairingStatus } from '@/api/types'
import { today } from '@/lib/format'
import { Tag, type Tone } from '@/ui/facts/Tag'
import { ActionButton } from '@/ui/form/ActionButton'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty, useReason } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import classes from './Pairings.module.css'
import { subCountsQuery, subPairingsQuery, useDecideSub } from './queries'
import { SubPairingForm } from './SubPairingForm'

const TONES: Record<SubPairingStatus, Tone> = {
  PROPOSED: 'info',
  AGREED: 'ok',
  OBJECTED: 'danger',
  WITHDRAWN: 'neutral',
  ENDED: 'neutral',
}

/** Townships, villages, communities, schools and hospitals paired under the county pair. */
export function SubPairings({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  const query = useQuery(subPairingsQuery(pairing.id))
  const open = pairing.status === 'AGREED' || pairing.status === 'IN_FORCE'
  const why = !pairing.my_side ? t('pairings.subs.why_side') : open ? null : t('pairings.subs.why_status')
  const columns: Column<SubPairing>[] = [
    { key: 'kind', title: t('pairings.subs.kind_label'), render: one => t(`pairings.subs.kind.${one.kind}`) },
    { key: 'helper', title: t('common.side.HELPER'), render: one => one.helper_unit },
    { key: 'recipient', title: t('common.side.RECIPIENT'), render: one => one.recipient_unit },
    {
      key: 'status',
      title: t('pairings.columns.status'),
      render: one => <StatusTag sub={one} />,
    },
    { key: 'steps', title: t('pairings.subs.handle'), render: one => <SubSteps sub={one} /> },
  ]
  return (
    <Panel
      title={t('pairings.subs.title')}
      aside={
        !adding && (
          <ActionButton why={why} onClick={() => setAdding(true)}>
            {t('pairings.subs.propose')}
          </ActionButton>
        )
      }
    >
      <Counts pairing={pairing} />
      {adding && <SubPairingForm pairing={pairing} onDone={() => setAdding(false)} />}
      <QueryView
        query={query}
        isEmpty={rows => rows.length === 0}
        empty={!adding && <Empty compact title={t('pairings.subs.empty')} />}
      >
        {rows => (
          <DataTable
            caption={t('pairings.subs.title')}
            rows={rows}
            columns={columns}
            rowKey={one => one.id}
            card={one => (
              <div className={classes.card}>
                <span>
                  {one.helper_unit} → {one.recipient_unit}
                </span>
                <span className={classes.marks}>
                  <StatusTag sub={one} />
                  <span className={classes.small}>{t(`pairings.subs.kind.${one.kind}`)}</span>
                </span>
                <SubSteps sub={one} />
              </div>
            )}
          />
        )}
      </QueryView>
    </Panel>
  )
}

// Written out by every answer of the server; only its description calls it optional.
const statusOf = (sub: SubPairing): SubPairingStatus => sub.status ?? 'PROPOSED'

function StatusTag({ sub }: { sub: SubPairing }) {
  const { t } = useTranslation()
  const status = statusOf(sub)
  return <Tag tone={TONES[status]}>{t(`pairings.subs.status.${status}`)}</Tag>
}

/** Pairs, and the units at either end, each counted once: three numbers. */
function Counts({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const { data = [] } = useQuery(subCountsQuery(pairing.id))
  const agreed = data.filter(one => one.pairs > 0)
  if (agreed.length === 0) return null
  return (
    <ul className={classes.small}>
      {agreed.map(({ kind, pairs, helpers, recipients }) => (
        <li key={kind}>
          {t('pairings.subs.count', { kind: t(`pairings.subs.kind.${kind}`), pairs, helpers, recipients })}
        </li>
      ))}
    </ul>
  )
}

type Asking = 'OBJECTED' | 'ENDED'

function SubSteps({ sub }: { sub: SubPairing }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [asking, setAsking] = useState<Asking | null>(null)
  const decide = useDecideSub()
  if (!sub.my_side || !['PROPOSED', 'AGREED'].includes(statusOf(sub))) return null
  const take = (step: 'ACKNOWLEDGED' | Asking, words: string) =>
    decide.mutate(
      { sub, step, reason: words, end_date: step === 'ENDED' ? lastDay(sub) : null },
      { onSuccess: () => setAsking(null), onError: error => !asking && void message.error(reason(error)) },
    )
  const theirs = sub.status === 'PROPOSED' && sub.my_side !== sub.proposed_by_side
  return (
    <span className={classes.marks}>
      {theirs ? (
        <>
          <Button size="small" type="primary" loading={decide.isPending} onClick={() => take('ACKNOWLEDGED', '')}>
            {t('pairings.subs.acknowledge')}
          </Button>
          <Button size="small" onClick={() => setAsking('OBJECTED')}>
            {t('pairings.object')}
          </Button>
        </>
      ) : (
        <Button size="small" onClick={() => setAsking('ENDED')}>
          {t(sub.status === 'PROPOSED' ? 'pairings.subs.withdraw' : 'pairings.subs.end')}
        </Button>
      )}
      <ReasonDialog
        open={asking !== null}
        title={t('pairings.subs.ask')}
        hint={t('pairings.subs.ask_hint')}
        missing={t('pairings.subs.ask_missing')}
        submit={t('pairings.subs.ask_submit')}
        pending={decide.isPending}
        error={decide.error && reason(decide.error)}
        onCancel={() => setAsking(null)}
        onSubmit={words => asking && take(asking, words)}
      />
    </span>
  )
}

/** Today, or the last day of a pairing whose period is over. */
function lastDay({ start_date: first, end_date: last }: SubPairing): string {
  const now = today()
  if (last && last < now) return last
  return now < first ? first : now
}

import { useTranslation } from 'react-i18next'
import type { CommitmentDetail, LedgerEntry } from '@/api/types'
import { Amount, useAmount } from '@/ui/facts/Amount'
import { Tag } from '@/ui/facts/Tag'
import { Panel } from '@/ui/layout/Panel'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import classes from './Commitments.module.css'
import { EntrySteps } from './EntrySteps'
import { figureIn } from './FigureField'
import { Files } from './Files'

/** Every entry as it was made; nothing here can be changed, only answered. */
export function Ledger({ commitment }: { commitment: CommitmentDetail }) {
  const { t } = useTranslation()
  const columns: Column<LedgerEntry>[] = [
    { key: 'stage', title: t('commitments.ledger_columns.stage'), render: one => <StageOf entry={one} /> },
    {
      key: 'amount',
      title: t('commitments.ledger_columns.amount'),
      align: 'right',
      render: one => <Figure commitment={commitment} entry={one} />,
    },
    {
      key: 'date',
      title: t('commitments.ledger_columns.date'),
      render: one => <span className={classes.whole}>{one.occurred_date}</span>,
    },
    {
      key: 'reference',
      title: t('commitments.ledger_columns.reference'),
      minor: true,
      render: one => <Papers entry={one} />,
    },
    { key: 'by', title: t('commitments.ledger_columns.by'), minor: true, render: one => <By entry={one} /> },
    {
      key: 'answer',
      title: t('commitments.ledger_columns.answer'),
      render: one => <Answer commitment={commitment} entry={one} />,
    },
    { key: 'steps', title: '', render: one => <EntrySteps commitment={commitment} entry={one} /> },
  ]
  return (
    <Panel title={t('commitments.ledger')} flush>
      {commitment.entries.length === 0 ? (
        <Empty title={t('commitments.ledger_empty')} />
      ) : (
        <DataTable
          caption={t('commitments.ledger')}
          rows={commitment.entries}
          columns={columns}
          rowKey={entry => entry.id}
          card={entry => (
            <div className={classes.card}>
              <span>
                <StageOf entry={entry} /> <Figure commitment={commitment} entry={entry} />
              </span>
              <span className={classes.small}>
                {entry.occurred_date}，<By entry={entry} />
              </span>
              <Papers entry={entry} />
              {entry.stage === 'ARRIVED' && <Answer commitment={commitment} entry={entry} />}
              <EntrySteps commitment={commitment} entry={entry} />
            </div>
          )}
        />
      )}
    </Panel>
  )
}

function By({ entry }: { entry: LedgerEntry }) {
  const { t } = useTranslation()
  return (
    <>
      {t(`common.side.${entry.reported_by_side}`)} {entry.reported_by}
    </>
  )
}

type OfCommitment = { commitment: CommitmentDetail; entry: LedgerEntry }

/** The stage in the words of the kind: what needs no money is done, not arrived. */
function StageOf({ entry }: { entry: LedgerEntry }) {
  const { t } = useTranslation()
  return (
    <span className={classes.whole}>
      {entry.reverses !== null && `${t('commitments.reversal')}：`}
      {t(`commitments.stage.${entry.stage}`)}
    </span>
  )
}

function Figure({ commitment, entry }: OfCommitment) {
  return (
    <span className={entry.reversed ? classes.gone : undefined}>
      <Amount unit={commitment.unit} value={figureIn(entry)} />
    </span>
  )
}

/** Voucher, evidence, post, reason and files: whatever the entry came with. */
function Papers({ entry }: { entry: LedgerEntry }) {
  const { t } = useTranslation()
  const { posting } = entry
  const post =
    posting &&
    [
      `${posting.unit} ${posting.post}`,
      posting.duty,
      `${posting.start_date} — ${posting.end_date ?? t('commitments.posting.open')}`,
      posting.names,
    ]
      .filter(Boolean)
      .join('，')
  const papers = [entry.reference, entry.evidence, entry.reason, post].filter(Boolean)
  return (
    <>
      {papers.length > 0 && <span className={classes.small}>{papers.join('；')}</span>}
      <Files entry={entry} />
    </>
  )
}

function Answer({ commitment, entry }: OfCommitment) {
  const { t } = useTranslation()
  const amount = useAmount()
  const { confirmation } = entry
  if (entry.reversed) return <Tag tone="neutral">{t('commitments.reversed')}</Tag>
  if (entry.stage !== 'ARRIVED' || entry.reverses !== null) return '—'
  const again = entry.discrepancies.find(one => one.kind === 'DUPLICATE' && one.status !== 'SETTLED')
  if (again) return <Tag tone="danger">{t('commitments.duplicate')}</Tag>
  if (!confirmation) {
    const other = entry.reported_by_side === 'HELPER' ? 'RECIPIENT' : 'HELPER'
    return <Tag tone="info">{t('commitments.waiting_answer', { side: t(`common.side.${other}`) })}</Tag>
  }
  return (
    <div>
      <Tag tone={confirmation.answer === 'CONFIRMED' ? 'ok' : 'danger'}>
        {t(`commitments.answered.${confirmation.answer}`)}
      </Tag>
      {confirmation.answer === 'DISPUTED' && (
        <div className={classes.small}>
          {t('commitments.disputed', {
            amount: amount(commitment.unit, figureIn(confirmation)),
            reason: confirmation.reason,
          })}
        </div>
      )}
    </div>
  )
}

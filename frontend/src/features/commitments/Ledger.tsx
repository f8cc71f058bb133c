import { useTranslation } from 'react-i18next'
import type { Commitment, LedgerEntry } from '@/api/types'
import { formatWan } from '@/lib/money'
import { Wan } from '@/ui/facts/Facts'
import { Tag } from '@/ui/facts/Tag'
import { Panel } from '@/ui/layout/Panel'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import classes from './Commitments.module.css'

/** Every entry as it was made; nothing here can be changed, only answered. */
export function Ledger({ commitment }: { commitment: Commitment }) {
  const { t } = useTranslation()
  const columns: Column<LedgerEntry>[] = [
    { key: 'stage', title: t('commitments.ledger_columns.stage'), render: one => t(`commitments.stage.${one.stage}`) },
    {
      key: 'amount',
      title: t('commitments.ledger_columns.amount'),
      align: 'right',
      render: one => <Wan yuan={one.amount_yuan} />,
    },
    { key: 'date', title: t('commitments.ledger_columns.date'), render: one => one.occurred_date },
    {
      key: 'reference',
      title: t('commitments.ledger_columns.reference'),
      minor: true,
      render: one => one.reference || '—',
    },
    { key: 'by', title: t('commitments.ledger_columns.by'), minor: true, render: one => <By entry={one} /> },
    { key: 'answer', title: t('commitments.ledger_columns.answer'), render: one => <Answer entry={one} /> },
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
                {t(`commitments.stage.${entry.stage}`)} <Wan yuan={entry.amount_yuan} />
              </span>
              <span className={classes.small}>
                {entry.occurred_date}，<By entry={entry} />
                {entry.reference && `，${entry.reference}`}
              </span>
              {entry.stage === 'ARRIVED' && <Answer entry={entry} />}
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

function Answer({ entry }: { entry: LedgerEntry }) {
  const { t } = useTranslation()
  const { confirmation } = entry
  if (entry.stage !== 'ARRIVED') return '—'
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
          {t('commitments.disputed', { amount: formatWan(confirmation.amount_yuan), reason: confirmation.reason })}
        </div>
      )}
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportDetail, StagedRow } from '@/api/types'
import { Segments } from '@/ui/form/Segments'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { Pager } from '@/ui/table/Pager'
import classes from './Exchange.module.css'
import { ROWS_SIZE, rowsQuery } from './queries'

/** The rows of the file: the faults of those that have some, or every cell as it was understood. */
export function Preview({ batch }: { batch: ImportDetail }) {
  const { t } = useTranslation()
  const faulty = batch.status === 'FAULTY'
  const [only, setOnly] = useState<'faulty' | 'all'>(faulty ? 'faulty' : 'all')
  const [page, setPage] = useState(1)
  const faults = faulty && only === 'faulty'
  const query = useQuery(rowsQuery(batch, faults, page))
  return (
    <Panel
      title={t(faults ? 'exchange.faults_title' : 'exchange.rows_title')}
      note={faults ? batch.sheet && t('exchange.sheet', { sheet: batch.sheet }) : t('exchange.rows_note')}
      aside={
        faulty && (
          <Segments
            label={t('exchange.show')}
            value={only}
            options={[
              { value: 'faulty', label: t('exchange.only_faulty') },
              { value: 'all', label: t('exchange.all_rows') },
            ]}
            onChange={value => {
              setOnly(value)
              setPage(1)
            }}
          />
        )
      }
      flush
    >
      <QueryView query={query}>
        {data => {
          const footer = <Pager count={data.count} page={page} pageSize={ROWS_SIZE} onPage={setPage} />
          return faults ? (
            <Faults rows={data.results} footer={footer} />
          ) : (
            <Cells batch={batch} rows={data.results} footer={footer} />
          )
        }}
      </QueryView>
    </Panel>
  )
}

type Fault = StagedRow['faults'][number] & { row: number }

function Faults({ rows, footer }: { rows: StagedRow[]; footer: React.ReactNode }) {
  const { t } = useTranslation()
  const faults: Fault[] = rows.flatMap(row => row.faults.map(fault => ({ ...fault, row: row.number })))
  const where = (fault: Fault) => fault.cell || t('exchange.row', { number: fault.row })
  const columns: Column<Fault>[] = [
    { key: 'cell', title: t('exchange.fault_columns.cell'), render: fault => <code>{where(fault)}</code> },
    { key: 'column', title: t('exchange.fault_columns.column'), render: fault => fault.heading },
    {
      key: 'value',
      title: t('exchange.fault_columns.value'),
      render: fault => <span className={classes.value}>{fault.value || t('exchange.blank')}</span>,
    },
    { key: 'message', title: t('exchange.fault_columns.message'), render: fault => fault.message },
  ]
  return (
    <DataTable
      caption={t('exchange.faults_title')}
      rows={faults}
      columns={columns}
      rowKey={fault => `${fault.row} ${fault.column} ${fault.rule}`}
      card={fault => (
        <div className={classes.card}>
          <span className={classes.marks}>
            <code>{where(fault)}</code>
            <strong>{fault.heading}</strong>
            <span className={classes.value}>{fault.value || t('exchange.blank')}</span>
          </span>
          <span>{fault.message}</span>
        </div>
      )}
      footer={footer}
    />
  )
}

function Cells({ batch, rows, footer }: { batch: ImportDetail; rows: StagedRow[]; footer: React.ReactNode }) {
  const { t } = useTranslation()
  const wrong = (row: StagedRow, key: string) => row.faults.some(fault => fault.column === key)
  const columns: Column<StagedRow>[] = [
    { key: 'number', title: t('exchange.row_number'), align: 'right', render: row => row.number },
    ...batch.columns.map((column, place) => ({
      key: column.key,
      title: column.heading,
      render: (row: StagedRow) => (
        <span className={`${classes.cell} ${wrong(row, column.key) ? classes.wrong : ''}`}>{row.cells[place]}</span>
      ),
    })),
  ]
  return (
    <DataTable
      caption={t('exchange.rows_title')}
      rows={rows}
      columns={columns}
      rowKey={row => row.number}
      card={row => (
        <div className={classes.card}>
          <span className={classes.small}>{t('exchange.row', { number: row.number })}</span>
          <span>{row.cells.filter(Boolean).join(' · ')}</span>
        </div>
      )}
      footer={footer}
    />
  )
}

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PHONE, useMedia } from '@/lib/media'
import classes from './DataTable.module.css'

export type Column<Row> = {
  key: string
  title: ReactNode
  render: (row: Row) => ReactNode
  align?: 'right'
  /** The API's name of this order; the heading becomes a button. */
  order?: string
  width?: string
  /** First to go when the window is narrow. */
  minor?: boolean
}

type Props<Row> = {
  caption: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => string | number
  ordering?: string
  onOrder?: (ordering: string) => void
  /** How one row reads on a phone; without it the table scrolls inside its own frame. */
  card?: (row: Row) => ReactNode
  footer?: ReactNode
}

/** A list of records: a real table on a wide screen, a list of cards on a phone. */
export function DataTable<Row>({ card, ...props }: Props<Row>) {
  const phone = useMedia(PHONE)
  return phone && card ? <Cards {...props} card={card} /> : <Grid {...props} />
}

function Cards<Row>({ caption, rows, rowKey, card, footer }: Props<Row> & { card: (row: Row) => ReactNode }) {
  return (
    <>
      <ul aria-label={caption} className={classes.cards}>
        {rows.map(row => (
          <li key={rowKey(row)} className={classes.card}>
            {card(row)}
          </li>
        ))}
      </ul>
      {footer}
    </>
  )
}

function Grid<Row>({ caption, rows, columns, rowKey, ordering, onOrder, footer }: Props<Row>) {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a section would be one landmark more inside the panel's own */}
      <div role="group" className={classes.frame} aria-label={caption} tabIndex={0}>
        <table className={classes.table}>
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map(column => (
                <Heading key={column.key} column={column} ordering={ordering} onOrder={onOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={rowKey(row)}>
                {columns.map(column => (
                  <td key={column.key} className={cellClass(column)}>
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {footer}
    </>
  )
}

const cellClass = <Row,>(column: Column<Row>): string =>
  `${column.align === 'right' ? classes.right : ''} ${column.minor ? classes.minor : ''}`

type HeadingProps<Row> = { column: Column<Row>; ordering?: string; onOrder?: (ordering: string) => void }

function Heading<Row>({ column, ordering, onOrder }: HeadingProps<Row>) {
  const { t } = useTranslation()
  const { order } = column
  if (!order || !onOrder) {
    return (
      <th scope="col" className={cellClass(column)} style={{ width: column.width }}>
        {column.title}
      </th>
    )
  }
  const sorted = ordering === order ? 'ascending' : ordering === `-${order}` ? 'descending' : undefined
  return (
    <th scope="col" className={cellClass(column)} style={{ width: column.width }} aria-sort={sorted ?? 'none'}>
      <button
        type="button"
        className={classes.sort}
        title={t('common.sort_by', { column: typeof column.title === 'string' ? column.title : column.key })}
        onClick={() => onOrder(sorted === 'ascending' ? `-${order}` : order)}
      >
        {column.title}
        <span aria-hidden="true" className={classes.arrow}>
          {sorted === 'ascending' ? '↑' : sorted === 'descending' ? '↓' : '↕'}
        </span>
      </button>
    </th>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Difference } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { formatDate } from '@/lib/format'
import { Amount } from '@/ui/facts/Amount'
import { Tag } from '@/ui/facts/Tag'
import { Choice, FilterBar } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { PagedList } from '@/ui/table/PagedList'
import classes from './Commitments.module.css'
import { differencesAddress, differencesQuery, MATTERS, PAGE_SIZE, YEARS } from './queries'

/** Everything on which both sides' figures do not agree (yet), the oldest first. */
export default function DifferencesPage() {
  const { t } = useTranslation()
  const filters = useFilters()
  const kind = filters.get('kind')
  const asked = {
    page: filters.page,
    year: Number(filters.get('year')) || undefined,
    kind: MATTERS.find(one => one === kind),
  }
  const query = useQuery(differencesQuery(asked))
  const columns: Column<Difference>[] = [
    { key: 'title', title: t('commitments.columns.title'), render: one => <Title row={one} /> },
    {
      key: 'reported',
      title: t('commitments.differences.reported'),
      align: 'right',
      render: one => <Reported row={one} />,
    },
    { key: 'seen', title: t('commitments.differences.seen'), align: 'right', render: one => <Seen row={one} /> },
    { key: 'matters', title: t('commitments.differences.matters'), render: one => <Matters row={one} /> },
  ]
  return (
    <Page
      title={t('commitments.differences.title')}
      lead={t('commitments.differences.lead')}
      crumbs={[{ to: '/commitments', label: t('commitments.title') }]}
    >
      <FilterBar filters={filters}>
        <Choice
          label={t('commitments.filters.year')}
          value={filters.get('year')}
          options={YEARS.map(value => ({ value, label: value }))}
          onChange={year => filters.set({ year })}
        />
        <Choice
          label={t('commitments.differences.matters')}
          value={kind}
          options={MATTERS.map(value => ({ value, label: t(`commitments.differences.kind.${value}`) }))}
          onChange={kind => filters.set({ kind })}
        />
      </FilterBar>
      <PagedList
        query={query}
        filters={filters}
        pageSize={PAGE_SIZE}
        address={differencesAddress(asked)}
        empty={<Empty title={t(filters.active ? 'commitments.empty_filtered' : 'commitments.differences.none')} />}
      >
        {list => (
          <DataTable
            caption={t('commitments.differences.title')}
            {...list}
            columns={columns}
            rowKey={one => one.id}
            card={one => (
              <div className={classes.card}>
                <Title row={one} />
                <div>
                  {t('commitments.differences.reported')} <Reported row={one} />
                </div>
                {one.seen && (
                  <div>
                    {t('commitments.differences.seen')} <Seen row={one} />
                  </div>
                )}
                <Matters row={one} />
              </div>
            )}
          />
        )}
      </PagedList>
    </Page>
  )
}

type Props = { row: Difference }

function Title({ row }: Props) {
  return (
    <div>
      <Link to={`/commitments/${row.commitment}`}>{row.title}</Link>
      <div className={classes.small}>
        {row.year} · {row.helper} → {row.recipient}
      </div>
    </div>
  )
}

function Reported({ row }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <Amount unit={row.unit} value={row.reported} />
      <div className={classes.small}>
        {t(`common.side.${row.reported_by_side}`)}，{row.occurred_date}
      </div>
    </>
  )
}

function Seen({ row }: Props) {
  const { t } = useTranslation()
  if (!row.seen) return '—'
  return (
    <>
      <Amount unit={row.unit} value={row.seen} />
      {row.difference && Number(row.difference) !== 0 && (
        <div className={classes.small}>
          {t('commitments.differences.between')} <Amount unit={row.unit} value={row.difference} />
        </div>
      )}
    </>
  )
}

/** What is open, whose turn it is, and the reader's own way to settle it. */
function Matters({ row }: Props) {
  const { t } = useTranslation()
  return row.matters.map(one => (
    <div key={one.kind} className={classes.turn}>
      <Tag tone={one.kind === 'UNANSWERED' ? 'info' : 'danger'}>{t(`commitments.differences.kind.${one.kind}`)}</Tag>
      <span className={classes.small}>
        {t('commitments.differences.turn', {
          who: t(`commitments.differences.waits.${one.waits_for}`),
          date: formatDate(one.since),
        })}
      </span>
      {one.step && <Link to={`/commitments/${row.commitment}`}>{t(`commitments.differences.step.${one.kind}`)}</Link>}
    </div>
  ))
}

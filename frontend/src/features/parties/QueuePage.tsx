import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Queued } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { formatTime } from '@/lib/format'
import { Unknown } from '@/ui/facts/Facts'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { type Listed, PagedList } from '@/ui/table/PagedList'
import { ByTable } from './ByTable'
import classes from './Parties.module.css'
import { PAGE_SIZE, registrationsAddress, registrationsQuery, STATUSES } from './queries'
import { Standing } from './Standing'

/** Who waits to be verified, the longest first; with the filters off, everybody one watches over. */
export default function QueuePage() {
  const { t } = useTranslation()
  const filters = useFilters()
  const everybody = filters.get('who') === 'all'
  const asked = {
    mine: everybody ? undefined : true,
    status: filters.get('status') || (everybody ? undefined : 'PENDING'),
    search: filters.chosen('search'),
    ordering: filters.chosen('ordering'),
    page: filters.page,
  }
  const query = useQuery(registrationsQuery(asked))
  return (
    <Page title={t('parties.queue.title')} lead={t('parties.queue.lead')} actions={<ByTable />}>
      <FilterBar filters={filters}>
        <Choice
          label={t('parties.queue.title')}
          value={everybody ? 'all' : 'mine'}
          any={null}
          options={[
            { value: 'mine', label: t('parties.queue.mine') },
            { value: 'all', label: t('parties.queue.all') },
          ]}
          onChange={who => filters.set({ who: who === 'all' ? who : '', status: '' })}
        />
        <Choice
          label={t('parties.filters.status')}
          value={asked.status ?? ''}
          any={everybody ? undefined : null}
          options={STATUSES.map(value => ({ value, label: t(`parties.standing.${value}`) }))}
          onChange={status => filters.set({ status })}
        />
        <SearchField
          label={t('parties.filters.search')}
          value={filters.get('search')}
          onChange={search => filters.set({ search })}
        />
      </FilterBar>
      <PagedList
        query={query}
        filters={filters}
        pageSize={PAGE_SIZE}
        address={registrationsAddress(asked)}
        empty={<Empty title={t('parties.queue.empty')}>{t('parties.queue.empty_next')}</Empty>}
      >
        {list => <List {...list} ordering={asked.ordering} />}
      </PagedList>
    </Page>
  )
}

type ListProps = Listed<Queued> & { ordering: string | undefined }

function List({ rows, ordering, onOrder, footer }: ListProps) {
  const { t } = useTranslation()
  const name = ({ party }: Queued) => <Link to={`/registrations/${party.id}`}>{party.name}</Link>
  const columns: Column<Queued>[] = [
    { key: 'name', title: t('parties.columns.name'), render: name },
    { key: 'code', title: t('parties.columns.code'), render: ({ party }) => party.uscc ?? <Unknown /> },
    {
      key: 'seat',
      title: t('parties.columns.seat'),
      order: 'party__area__code',
      minor: true,
      render: ({ party }) => party.area?.full_name ?? <Unknown />,
    },
    {
      key: 'submitted',
      title: t('parties.columns.submitted'),
      order: 'submitted_at',
      render: row => formatTime(row.submitted_at),
    },
    { key: 'status', title: t('parties.filters.status'), render: ({ party }) => <Standing party={party} /> },
  ]
  return (
    <DataTable
      caption={t('parties.queue.caption')}
      rows={rows}
      columns={columns}
      rowKey={row => row.id}
      ordering={ordering}
      onOrder={onOrder}
      footer={footer}
      card={row => (
        <div className={classes.card}>
          {name(row)}
          <span className={classes.marks}>
            <Standing party={row.party} />
            <span>{row.party.uscc}</span>
            <span>{row.party.area?.full_name}</span>
            <span>{formatTime(row.submitted_at)}</span>
          </span>
        </div>
      )}
    />
  )
}

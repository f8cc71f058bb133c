import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useUser } from '@/api/session'
import type { Pairing } from '@/api/types'
import { type Filters, useFilters } from '@/lib/filters'
import { PairingStatusTag, UnverifiedTag } from '@/ui/facts/marks'
import { Tag } from '@/ui/facts/Tag'
import { ActionButton } from '@/ui/form/ActionButton'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { type Listed, PagedList } from '@/ui/table/PagedList'
import classes from './Pairings.module.css'
import { PAGE_SIZE, pairingsAddress, pairingsQuery, STATUSES } from './queries'

export default function PairingListPage() {
  const { t } = useTranslation()
  const user = useUser()
  const navigate = useNavigate()
  const filters = useFilters()
  const ordering = filters.chosen('ordering')
  const asked = {
    ordering,
    page: filters.page,
    status: filters.chosen('status'),
    confirmed: filters.flag('confirmed'),
    unconfirmed: filters.flag('unconfirmed'),
    search: filters.chosen('search'),
    year: Number(filters.get('year')) || undefined,
  }
  const query = useQuery(pairingsQuery(asked))
  const coordinator = user.role === 'COORDINATOR'
  return (
    <Page
      title={t('pairings.title')}
      lead={t('pairings.lead')}
      actions={
        <ActionButton why={!coordinator && t('pairings.new_why')} onClick={() => void navigate('/pairings/new')}>
          {t('pairings.new')}
        </ActionButton>
      }
    >
      <PairingFilters filters={filters} />
      <PagedList
        query={query}
        filters={filters}
        pageSize={PAGE_SIZE}
        address={pairingsAddress(asked)}
        empty={<Nothing filters={filters} coordinator={coordinator} />}
      >
        {list => <List {...list} ordering={ordering} />}
      </PagedList>
    </Page>
  )
}

function PairingFilters({ filters }: { filters: Filters }) {
  const { t } = useTranslation()
  return (
    <FilterBar filters={filters}>
      <Choice
        label={t('pairings.filters.status')}
        value={filters.get('status')}
        options={STATUSES.map(value => ({ value, label: t(`pairings.status.${value}`) }))}
        onChange={status => filters.set({ status })}
      />
      <Choice
        label={t('pairings.filters.confirmed')}
        value={filters.get('confirmed')}
        options={[
          { value: 'true', label: t('pairings.filters.yes') },
          { value: 'false', label: t('pairings.filters.no') },
        ]}
        onChange={confirmed => filters.set({ confirmed })}
      />
      <Choice
        label={t('pairings.filters.unconfirmed')}
        value={filters.get('unconfirmed')}
        options={[{ value: 'true', label: t('pairings.filters.overdue') }]}
        onChange={unconfirmed => filters.set({ unconfirmed })}
      />
      <SearchField
        label={t('pairings.filters.search')}
        value={filters.get('search')}
        onChange={search => filters.set({ search })}
      />
    </FilterBar>
  )
}

function Nothing({ filters, coordinator }: { filters: Filters; coordinator: boolean }) {
  const { t } = useTranslation()
  if (filters.active) {
    return (
      <Empty title={t('pairings.empty_filtered')} action={<Button onClick={filters.clear}>{t('common.clear')}</Button>}>
        {t('pairings.empty_filtered_next')}
      </Empty>
    )
  }
  return (
    <Empty
      title={t(coordinator ? 'pairings.empty_coordinator' : 'pairings.empty')}
      action={coordinator && <Link to="/runs">{t('runs.title')}</Link>}
    >
      {t('pairings.empty_next')}
    </Empty>
  )
}

export function periodOf(pairing: Pairing): string {
  return `${pairing.start_date.slice(0, 7)} – ${pairing.end_date?.slice(0, 7) ?? ''}`
}

function Names({ pairing }: { pairing: Pairing }) {
  return (
    <Link to={`/pairings/${pairing.id}`} className={classes.names}>
      <span>{pairing.helper.name}</span>
      <span aria-hidden="true">→</span>
      <span>{pairing.recipient.full_name}</span>
    </Link>
  )
}

type ListProps = Listed<Pairing> & { ordering: string | undefined }

function List({ rows, ordering, onOrder, footer }: ListProps) {
  const { t } = useTranslation()
  const columns: Column<Pairing>[] = [
    {
      key: 'pair',
      title: `${t('pairings.columns.helper')} → ${t('pairings.columns.recipient')}`,
      order: 'recipient__code',
      render: pairing => <Names pairing={pairing} />,
    },
    {
      key: 'status',
      title: t('pairings.columns.status'),
      render: pairing => (
        <span className={classes.marks}>
          <PairingStatusTag status={pairing.status} />
          {pairing.status !== 'UNVERIFIED' && <UnverifiedTag status={pairing.fact_status} />}
        </span>
      ),
    },
    {
      key: 'confirmed',
      title: t('pairings.columns.confirmed'),
      render: pairing =>
        pairing.is_confirmed ? (
          <Tag tone="ok">{t('pairings.filters.yes')}</Tag>
        ) : pairing.unconfirmed_since ? (
          <Tag tone="warn">{t('pairings.filters.overdue')}</Tag>
        ) : (
          t('pairings.filters.no')
        ),
    },
    {
      key: 'period',
      title: t('pairings.columns.period'),
      order: 'start_date',
      render: periodOf,
    },
    {
      key: 'origin',
      title: t('pairings.columns.origin'),
      minor: true,
      render: pairing => t(`pairings.origin.${pairing.origin}`),
    },
  ]
  return (
    <DataTable
      caption={t('pairings.caption')}
      rows={rows}
      columns={columns}
      rowKey={pairing => pairing.id}
      ordering={ordering}
      onOrder={onOrder}
      footer={footer}
      card={pairing => (
        <div className={classes.card}>
          <Names pairing={pairing} />
          <span className={classes.marks}>
            <PairingStatusTag status={pairing.status} />
            <span className={classes.small}>{periodOf(pairing)}</span>
          </span>
        </div>
      )}
    />
  )
}

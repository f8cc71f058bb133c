import { useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { provincesQuery } from '@/api/reference'
import { useUser } from '@/api/session'
import type { Interest } from '@/api/types'
import { type Filters, useFilters } from '@/lib/filters'
import { formatTime } from '@/lib/format'
import { Tag } from '@/ui/facts/Tag'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Empty, useReason } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { type Listed, PagedList } from '@/ui/table/PagedList'
import { InterestStatusTag } from './InterestStatusTag'
import { placeOf } from './place'
import { interestsAddress, interestsQuery, PAGE_SIZE, STATUSES, useWithdraw } from './queries'
import classes from './Villages.module.css'

/** Who would help which village: a firm reads its own, a place those in its villages, coordinators their region's. */
export default function InterestListPage() {
  const { t } = useTranslation()
  const { role } = useUser()
  const filters = useFilters()
  const ordering = filters.chosen('ordering')
  const asked = {
    ordering,
    page: filters.page,
    status: filters.chosen('status'),
    area: filters.chosen('area'),
    search: filters.chosen('search'),
  }
  const query = useQuery(interestsQuery(asked))
  return (
    <Page title={t('villages.interests.title')} lead={t('villages.interests.lead')}>
      <InterestFilters filters={filters} />
      <PagedList
        query={query}
        filters={filters}
        pageSize={PAGE_SIZE}
        address={interestsAddress(asked)}
        empty={<Nothing filters={filters} own={role === 'COMPANY'} />}
      >
        {list => <List {...list} ordering={ordering} own={role === 'COMPANY'} />}
      </PagedList>
    </Page>
  )
}

function InterestFilters({ filters }: { filters: Filters }) {
  const { t } = useTranslation()
  const provinces = useQuery(provincesQuery).data ?? []
  return (
    <FilterBar filters={filters}>
      <Choice
        label={t('villages.interests.filters.status')}
        value={filters.get('status')}
        options={STATUSES.map(value => ({ value, label: t(`villages.interests.status.${value}`) }))}
        onChange={status => filters.set({ status })}
      />
      <Choice
        label={t('villages.interests.filters.province')}
        value={filters.get('area')}
        options={provinces.map(area => ({ value: area.code, label: area.name }))}
        onChange={area => filters.set({ area })}
      />
      <SearchField
        label={t('villages.interests.filters.search')}
        value={filters.get('search')}
        onChange={search => filters.set({ search })}
      />
    </FilterBar>
  )
}

function Nothing({ filters, own }: { filters: Filters; own: boolean }) {
  const { t } = useTranslation()
  if (filters.active) {
    return (
      <Empty
        title={t('villages.interests.empty_filtered')}
        action={<Button onClick={filters.clear}>{t('common.clear')}</Button>}
      />
    )
  }
  return (
    <Empty
      title={t(own ? 'villages.interests.empty_own' : 'villages.interests.empty')}
      action={own && <Link to="/villages">{t('villages.title')}</Link>}
    >
      {t(own ? 'villages.interests.empty_own_next' : 'villages.interests.empty_next')}
    </Empty>
  )
}

function Who({ interest: { party } }: { interest: Interest }) {
  const { t } = useTranslation()
  return (
    <div>
      <Link to={`/parties/${party.id}`}>{party.name}</Link> {party.is_demo && <Tag>{t('common.demo')}</Tag>}
      {party.area_name && <div className={classes.small}>{party.area_name}</div>}
    </div>
  )
}

function Where({ interest: { area, note } }: { interest: Interest }) {
  return (
    <div>
      <strong className={classes.village}>{area.name}</strong>
      <div className={classes.small}>{placeOf(area)}</div>
      {note && <div className={classes.small}>{note}</div>}
    </div>
  )
}

function Back({ interest }: { interest: Interest }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const reason = useReason()
  const withdraw = useWithdraw()
  if (!interest.may_withdraw) return null
  return (
    <Button
      size="small"
      loading={withdraw.isPending}
      onClick={() =>
        withdraw.mutate(interest, {
          onSuccess: () => void message.success(t('villages.withdrawn')),
          onError: error => void message.error(reason(error)),
        })
      }
    >
      {t('villages.withdraw')}
    </Button>
  )
}

type ListProps = Listed<Interest> & { ordering: string | undefined; own: boolean }

function List({ rows, ordering, onOrder, footer, own }: ListProps) {
  const { t } = useTranslation()
  const columns: Column<Interest>[] = [
    {
      key: 'area',
      title: t('villages.interests.columns.area'),
      order: 'area__code',
      render: interest => <Where interest={interest} />,
    },
    {
      key: 'party',
      title: t('villages.interests.columns.party'),
      render: interest => <Who interest={interest} />,
    },
    {
      key: 'status',
      title: t('villages.interests.columns.status'),
      render: interest => <InterestStatusTag status={interest.status} />,
    },
    {
      key: 'helpers',
      title: t('villages.interests.columns.helpers'),
      align: 'right',
      order: 'helpers',
      render: interest => t('villages.interests.helpers', { count: interest.helpers }),
    },
    {
      key: 'at',
      title: t('villages.interests.columns.at'),
      order: 'created_at',
      minor: true,
      render: interest => formatTime(interest.created_at),
    },
    ...(own ? [{ key: 'back', title: '', render: (interest: Interest) => <Back interest={interest} /> }] : []),
  ]
  return (
    <DataTable
      caption={t('villages.interests.caption')}
      rows={rows}
      columns={columns}
      rowKey={interest => interest.id}
      ordering={ordering}
      onOrder={onOrder}
      footer={footer}
      card={interest => (
        <div className={classes.row}>
          <Where interest={interest} />
          <Who interest={interest} />
          <span className={classes.marks}>
            <InterestStatusTag status={interest.status} />
            {interest.helpers > 0 && <span>{t('villages.helpers', { count: interest.helpers })}</span>}
            <span className={classes.small}>{formatTime(interest.created_at)}</span>
            <Back interest={interest} />
          </span>
        </div>
      )}
    />
  )
}

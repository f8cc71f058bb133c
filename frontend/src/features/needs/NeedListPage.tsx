import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { provincesQuery } from '@/api/reference'
import { useSession } from '@/api/session'
import type { Need, Role } from '@/api/types'
import { type Filters, useFilters } from '@/lib/filters'
import { formatDate } from '@/lib/format'
import { Unknown, Wan } from '@/ui/facts/Facts'
import { Tag } from '@/ui/facts/Tag'
import { ActionButton } from '@/ui/form/ActionButton'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { type Listed, PagedList } from '@/ui/table/PagedList'
import { NeedStatusTag } from './NeedStatusTag'
import classes from './Needs.module.css'
import { CATEGORIES, CAUSES, needsAddress, needsQuery, PAGE_SIZE, STATUSES } from './queries'

/** Who says what it can do, and so can be told what fits. */
const OFFERING: readonly Role[] = ['COMPANY', 'CENTRAL_UNIT', 'PARTNER']

/** The board: what places need. Everyone reads what is published; a county also sees what is still on its way. */
export default function NeedListPage() {
  const { t } = useTranslation()
  const { user } = useSession()
  const navigate = useNavigate()
  const filters = useFilters()
  const fitting = filters.flag('fitting')
  // What fits is read by what is due first.
  const ordering = filters.chosen('ordering') ?? (fitting ? 'deadline_date' : undefined)
  const asked = {
    ordering,
    page: filters.page,
    status: filters.chosen('status'),
    category: filters.chosen('category'),
    cause: filters.chosen('cause'),
    area: filters.chosen('area'),
    lacking: filters.flag('lacking'),
    fitting,
    search: filters.chosen('search'),
  }
  const query = useQuery(needsQuery(asked))
  const own = user?.role === 'RECIPIENT'
  const propose = user && (
    <>
      {own && <Button onClick={() => void navigate('/imports?list=needs')}>{t('exchange.entry')}</Button>}
      <ActionButton
        type={own ? 'primary' : 'default'}
        why={!own && t('needs.new_why')}
        onClick={() => void navigate('/needs/new')}
      >
        {t('needs.new')}
      </ActionButton>
    </>
  )
  return (
    <Page title={t('needs.title')} lead={t('needs.lead')} actions={propose}>
      <NeedFilters filters={filters} inside={user !== null} offers={user !== null && OFFERING.includes(user.role)} />
      <PagedList
        query={query}
        filters={filters}
        pageSize={PAGE_SIZE}
        address={needsAddress(asked)}
        empty={<Nothing filters={filters} own={own} />}
      >
        {list => <List {...list} ordering={ordering} />}
      </PagedList>
    </Page>
  )
}

function NeedFilters({ filters, inside, offers }: { filters: Filters; inside: boolean; offers: boolean }) {
  const { t } = useTranslation()
  const provinces = useQuery(provincesQuery).data ?? []
  return (
    <FilterBar filters={filters}>
      {offers && (
        <Choice
          label={t('needs.filters.fitting')}
          value={filters.get('fitting')}
          options={[{ value: 'true', label: t('common.yes') }]}
          onChange={fitting => filters.set({ fitting })}
        />
      )}
      <Choice
        label={t('needs.filters.category')}
        value={filters.get('category')}
        options={CATEGORIES.map(value => ({ value, label: t(`needs.category.${value}`) }))}
        onChange={category => filters.set({ category })}
      />
      <Choice
        label={t('needs.filters.cause')}
        value={filters.get('cause')}
        options={CAUSES.map(value => ({ value, label: t(`needs.cause.${value}`) }))}
        onChange={cause => filters.set({ cause })}
      />
      <Choice
        label={t('needs.filters.province')}
        value={filters.get('area')}
        options={provinces.map(area => ({ value: area.code, label: area.name }))}
        onChange={area => filters.set({ area })}
      />
      {inside && (
        <Choice
          label={t('needs.filters.status')}
          value={filters.get('status')}
          options={STATUSES.map(value => ({ value, label: t(`needs.status.${value}`) }))}
          onChange={status => filters.set({ status })}
        />
      )}
      <Choice
        label={t('needs.filters.lacking')}
        value={filters.get('lacking')}
        options={[
          { value: 'true', label: t('common.yes') },
          { value: 'false', label: t('common.no') },
        ]}
        onChange={lacking => filters.set({ lacking })}
      />
      <SearchField
        label={t('needs.filters.search')}
        value={filters.get('search')}
        onChange={search => filters.set({ search })}
      />
    </FilterBar>
  )
}

function Nothing({ filters, own }: { filters: Filters; own: boolean }) {
  const { t } = useTranslation()
  if (filters.flag('fitting')) {
    return (
      <Empty title={t('needs.empty_fitting')} action={<Link to="/organisation">{t('needs.to_offers')}</Link>}>
        {t('needs.empty_fitting_next')}
      </Empty>
    )
  }
  if (filters.active) {
    return (
      <Empty title={t('needs.empty_filtered')} action={<Button onClick={filters.clear}>{t('common.clear')}</Button>} />
    )
  }
  return (
    <Empty
      title={t(own ? 'needs.empty_own' : 'needs.empty')}
      action={own && <Link to="/needs/new">{t('needs.new')}</Link>}
    >
      {t(own ? 'needs.empty_own_next' : 'needs.empty_next')}
    </Empty>
  )
}

function Title({ need }: { need: Need }) {
  const { t } = useTranslation()
  return (
    <div>
      <Link to={`/needs/${need.id}`}>{need.title}</Link> {need.is_demo && <Tag>{t('common.demo')}</Tag>}
      <div className={classes.small}>{need.area.full_name}</div>
    </div>
  )
}

/** “12.5 公里”: the zeros that the record keeps are not shown. */
export function quantityOf(need: Need): string {
  return `${need.quantity.replace(/\.?0+$/, '')} ${need.unit}`
}

type ListProps = Listed<Need> & { ordering: string | undefined }

function List({ rows, ordering, onOrder, footer }: ListProps) {
  const { t } = useTranslation()
  const columns: Column<Need>[] = [
    { key: 'title', title: t('needs.columns.title'), render: need => <Title need={need} /> },
    {
      key: 'category',
      title: t('needs.columns.category'),
      render: need => t(`needs.category.${need.category}`),
    },
    { key: 'quantity', title: t('needs.columns.quantity'), align: 'right', render: quantityOf },
    {
      key: 'cost',
      title: t('needs.columns.cost'),
      align: 'right',
      order: 'cost_yuan',
      render: need => (need.cost_yuan ? <Wan yuan={need.cost_yuan} /> : <Unknown />),
    },
    {
      key: 'gap',
      title: t('needs.columns.gap'),
      align: 'right',
      order: 'gap_yuan',
      render: need => (need.gap_yuan === null ? <Unknown /> : <Wan yuan={need.gap_yuan} />),
    },
    {
      key: 'deadline',
      title: t('needs.columns.deadline'),
      order: 'deadline_date',
      minor: true,
      render: need => formatDate(need.deadline_date),
    },
    { key: 'status', title: t('needs.columns.status'), render: need => <NeedStatusTag need={need} /> },
  ]
  return (
    <DataTable
      caption={t('needs.caption')}
      rows={rows}
      columns={columns}
      rowKey={need => need.id}
      ordering={ordering}
      onOrder={onOrder}
      footer={footer}
      card={need => (
        <div className={classes.card}>
          <Title need={need} />
          <span className={classes.marks}>
            <NeedStatusTag need={need} />
            <span>{t(`needs.category.${need.category}`)}</span>
            <span>{quantityOf(need)}</span>
            {need.gap_yuan !== null && (
              <span>
                {t('needs.columns.gap')} <Wan yuan={need.gap_yuan} />
              </span>
            )}
          </span>
        </div>
      )}
    />
  )
}

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { AgreementLine } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { formatDate } from '@/lib/format'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { PagedList } from '@/ui/table/PagedList'
import { AgreementStatusTag } from './AgreementStatusTag'
import classes from './Agreements.module.css'
import { agreementsAddress, agreementsQuery, KINDS, PAGE_SIZE, STATUSES } from './queries'

export default function AgreementListPage() {
  const { t } = useTranslation()
  const filters = useFilters()
  const ordering = filters.chosen('ordering')
  const [kind, status, search] = (['kind', 'status', 'search'] as const).map(filters.chosen)
  const asked = { kind, status, search, ordering, page: filters.page }
  const query = useQuery(agreementsQuery(asked))
  const columns: Column<AgreementLine>[] = [
    { key: 'title', title: t('agreements.columns.title'), render: one => <Title agreement={one} /> },
    { key: 'kind', title: t('agreements.columns.kind'), minor: true, render: one => t(`agreements.kind.${one.kind}`) },
    {
      key: 'period',
      title: t('agreements.columns.period'),
      order: 'start_date',
      render: one => t('agreements.period_words', { from: one.start_date, to: one.end_date }),
    },
    {
      key: 'status',
      title: t('agreements.columns.status'),
      render: one => <AgreementStatusTag status={one.status} />,
    },
    {
      key: 'signed',
      title: t('agreements.columns.signed'),
      order: 'signed_date',
      render: one => (one.signed_date ? formatDate(one.signed_date) : ''),
    },
  ]
  return (
    <Page title={t('agreements.title')} lead={t('agreements.lead')}>
      <FilterBar filters={filters}>
        <Choice
          label={t('agreements.filters.kind')}
          value={filters.get('kind')}
          options={KINDS.map(value => ({ value, label: t(`agreements.kind.${value}`) }))}
          onChange={value => filters.set({ kind: value })}
        />
        <Choice
          label={t('agreements.filters.status')}
          value={filters.get('status')}
          options={STATUSES.map(value => ({ value, label: t(`agreements.status.${value}`) }))}
          onChange={value => filters.set({ status: value })}
        />
        <SearchField
          label={t('agreements.filters.search')}
          value={filters.get('search')}
          onChange={value => filters.set({ search: value })}
        />
      </FilterBar>
      <PagedList
        query={query}
        filters={filters}
        pageSize={PAGE_SIZE}
        address={agreementsAddress(asked)}
        empty={
          filters.active ? (
            <Empty
              title={t('agreements.empty_filtered')}
              action={<Button onClick={filters.clear}>{t('common.clear')}</Button>}
            />
          ) : (
            <Empty title={t('agreements.empty')} action={<Link to="/pairings">{t('shell.nav.pairings')}</Link>}>
              {t('agreements.empty_next')}
            </Empty>
          )
        }
      >
        {list => (
          <DataTable
            caption={t('agreements.caption')}
            {...list}
            columns={columns}
            rowKey={one => one.id}
            ordering={ordering}
            card={one => (
              <div className={classes.card}>
                <Title agreement={one} />
                <span className={classes.marks}>
                  <AgreementStatusTag status={one.status} />
                  <span className={classes.small}>{t(`agreements.kind.${one.kind}`)}</span>
                </span>
              </div>
            )}
          />
        )}
      </PagedList>
    </Page>
  )
}

function Title({ agreement }: { agreement: AgreementLine }) {
  const to = agreement.recipient?.full_name
  return (
    <div>
      <Link to={`/agreements/${agreement.id}`}>{agreement.title}</Link>
      <div className={classes.small}>
        {agreement.helper.name}
        {to && ` → ${to}`}
      </div>
    </div>
  )
}

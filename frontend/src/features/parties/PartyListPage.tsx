import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { provincesQuery } from '@/api/reference'
import { useSession } from '@/api/session'
import type { Party, Role } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { Unknown } from '@/ui/facts/Facts'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { type Listed, PagedList } from '@/ui/table/PagedList'
import { industryOf } from './AboutParty'
import { ByTable } from './ByTable'
import classes from './Parties.module.css'
import { CATEGORIES, INDUSTRIES, KINDS, PAGE_SIZE, partiesAddress, partiesQuery } from './queries'
import { Standing } from './Standing'

const WATCHING: readonly Role[] = ['COORDINATOR', 'AUDITOR', 'FEDERATION']

/** The register, as everyone may read it. */
export default function PartyListPage() {
  const { t } = useTranslation()
  const { user } = useSession()
  const filters = useFilters()
  const provinces = useQuery(provincesQuery).data ?? []
  const asked = {
    kind: filters.chosen('kind'),
    industry: filters.chosen('industry'),
    category: filters.chosen('category'),
    area: filters.chosen('area'),
    search: filters.chosen('search'),
    ordering: filters.chosen('ordering'),
    page: filters.page,
  }
  const query = useQuery(partiesQuery(asked))
  const empty = filters.active ? (
    <Empty title={t('parties.empty_filtered')} action={<Button onClick={filters.clear}>{t('common.clear')}</Button>} />
  ) : (
    <Empty title={t('parties.empty')}>{t('parties.empty_next')}</Empty>
  )
  return (
    <Page
      title={t('parties.title')}
      lead={t('parties.lead')}
      actions={
        user ? (
          WATCHING.includes(user.role) && (
            <>
              <Link to="/registrations">{t('parties.queue.title')}</Link>
              <ByTable />
            </>
          )
        ) : (
          <Link to="/join">{t('parties.join')}</Link>
        )
      }
    >
      <FilterBar filters={filters}>
        <Choice
          label={t('parties.filters.kind')}
          value={filters.get('kind')}
          options={KINDS.map(value => ({ value, label: t(`parties.kind.${value}`) }))}
          onChange={kind => filters.set({ kind })}
        />
        <Choice
          label={t('parties.filters.industry')}
          value={filters.get('industry')}
          options={INDUSTRIES.map(value => ({ value, label: t(`parties.industry.${value}`) }))}
          onChange={industry => filters.set({ industry })}
        />
        <Choice
          label={t('parties.filters.category')}
          value={filters.get('category')}
          options={CATEGORIES.map(value => ({ value, label: t(`needs.category.${value}`) }))}
          onChange={category => filters.set({ category })}
        />
        <Choice
          label={t('parties.filters.province')}
          value={filters.get('area')}
          options={provinces.map(area => ({ value: area.code, label: area.name }))}
          onChange={area => filters.set({ area })}
        />
        <SearchField
          label={t('parties.filters.search')}
          value={filters.get('search')}
          onChange={search => filters.set({ search })}
        />
      </FilterBar>
      <PagedList query={query} filters={filters} pageSize={PAGE_SIZE} address={partiesAddress(asked)} empty={empty}>
        {list => <List {...list} ordering={asked.ordering} />}
      </PagedList>
    </Page>
  )
}

type ListProps = Listed<Party> & { ordering: string | undefined }

function List({ rows, ordering, onOrder, footer }: ListProps) {
  const { t } = useTranslation()
  const name = (party: Party) => (
    <span className={classes.marks}>
      <Link to={`/parties/${party.id}`}>{party.name}</Link>
      <Standing party={party} />
    </span>
  )
  const seat = (party: Party) => party.area?.full_name ?? (party.kind === 'CENTRAL_UNIT' ? '' : <Unknown />)
  const columns: Column<Party>[] = [
    { key: 'name', title: t('parties.columns.name'), order: 'name', render: name },
    { key: 'kind', title: t('parties.columns.kind'), render: party => t(`parties.kind.${party.kind}`) },
    { key: 'industry', title: t('parties.columns.industry'), minor: true, render: party => industryOf(party, t) ?? '' },
    { key: 'seat', title: t('parties.columns.seat'), order: 'area__code', minor: true, render: seat },
  ]
  return (
    <DataTable
      caption={t('parties.caption')}
      rows={rows}
      columns={columns}
      rowKey={party => party.id}
      ordering={ordering}
      onOrder={onOrder}
      footer={footer}
      card={party => (
        <div className={classes.card}>
          {name(party)}
          <span className={classes.marks}>
            <span>{t(`parties.kind.${party.kind}`)}</span>
            <span>{industryOf(party, t)}</span>
            <span>{seat(party)}</span>
          </span>
        </div>
      )}
    />
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { channelsQuery, provincesQuery } from '@/api/reference'
import type { Area } from '@/api/types'
import { type Filters as FilterState, useFilters } from '@/lib/filters'
import { TierTag } from '@/ui/facts/marks'
import { Tag } from '@/ui/facts/Tag'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { Segments } from '@/ui/form/Segments'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { useChannelNames } from '@/ui/relations/MoneyByStage'
import { QueryView } from '@/ui/state/QueryView'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { Pager } from '@/ui/table/Pager'
import classes from './CountyListPage.module.css'
import { AreaName, Nothing, PoorCounties } from './PoorCounties'
import { type CountyKind, countiesAddress, countiesQuery, LEVELS, PAGE_SIZE } from './queries'

const KINDS: CountyKind[] = ['poor', 'eastern', 'all']
const KEPT = ['kind', 'view', 'county'] as const

function useColumns(): Column<Area>[] {
  const { t } = useTranslation()
  return [
    {
      key: 'name',
      title: t('places.list.columns.name'),
      order: 'pinyin',
      render: area => <AreaName area={area} />,
    },
    { key: 'code', title: t('places.list.columns.code'), order: 'code', render: area => area.code },
    {
      key: 'role',
      title: t('places.list.columns.tier'),
      render: area => <Marks area={area} />,
    },
    {
      key: 'exit',
      title: t('places.list.columns.exit'),
      order: 'exit_year',
      align: 'right',
      render: area => area.exit_year ?? '—',
    },
  ]
}

function Marks({ area }: { area: Area }) {
  const { t } = useTranslation()
  return (
    <span className={classes.marks}>
      <TierTag tier={area.tier} />
      {area.is_eastern_helper && <Tag tone="info">{t('places.list.eastern')}</Tag>}
    </span>
  )
}

export default function CountyListPage() {
  const { t } = useTranslation()
  const filters = useFilters(KEPT)
  const kind = KINDS.find(one => one === filters.get('kind')) ?? 'poor'
  return (
    <Page title={t('places.list.title')} lead={t('places.list.lead')} width={filters.get('view') ? 'wide' : 'normal'}>
      <Filters kind={kind} filters={filters} />
      {kind === 'poor' ? <PoorCounties filters={filters} /> : <OtherCounties kind={kind} filters={filters} />}
    </Page>
  )
}

function OtherCounties({ kind, filters }: { kind: CountyKind; filters: FilterState }) {
  const { t } = useTranslation()
  const ordering = filters.chosen('ordering')
  const asked = {
    kind,
    ordering,
    page: filters.page,
    parent: filters.chosen('parent'),
    search: filters.chosen('search'),
  }
  const query = useQuery(countiesQuery(asked))
  const columns = useColumns()
  return (
    <Panel flush>
      <QueryView query={query} isEmpty={data => data.count === 0} empty={<Nothing filters={filters} />}>
        {data => (
          <DataTable
            caption={t('places.list.caption')}
            rows={data.results}
            columns={columns}
            rowKey={area => `${area.code}-${area.valid_from_year}`}
            ordering={ordering}
            onOrder={order => filters.set({ ordering: order })}
            card={area => (
              <div className={classes.card}>
                <AreaName area={area} />
                <Marks area={area} />
                <span className={classes.code}>{area.code}</span>
              </div>
            )}
            footer={
              <Pager
                count={data.count}
                page={filters.page}
                pageSize={PAGE_SIZE}
                onPage={page => filters.set({ page })}
                address={countiesAddress(asked)}
              />
            }
          />
        )}
      </QueryView>
    </Panel>
  )
}

function Filters({ kind, filters }: { kind: CountyKind; filters: FilterState }) {
  const { t } = useTranslation()
  const nameOf = useChannelNames()
  const channels = useQuery(channelsQuery).data ?? []
  const provinces = useQuery(provincesQuery).data ?? []
  return (
    <FilterBar filters={filters}>
      <Segments
        label={t('places.list.kind')}
        value={kind}
        options={KINDS.map(value => ({ value, label: t(`places.list.kinds.${value}`) }))}
        onChange={value =>
          filters.set({ kind: value === 'poor' ? '' : value, tier: '', helped_by: '', level: '', view: '', county: '' })
        }
      />
      <Choice
        label={t('places.list.province')}
        value={filters.get('parent')}
        options={provinces.map(area => ({ value: area.code, label: area.name }))}
        onChange={parent => filters.set({ parent })}
      />
      {kind === 'poor' && (
        <>
          <Choice
            label={t('places.list.tier')}
            value={filters.get('tier')}
            options={(['deep', 'poor'] as const).map(value => ({ value, label: t(`common.tier.${value}`) }))}
            onChange={tier => filters.set({ tier })}
          />
          <Choice
            label={t('relations.helped_by')}
            value={filters.get('helped_by')}
            options={[
              ...channels.map(({ code }) => ({ value: code, label: nameOf(code) })),
              { value: 'none', label: t('relations.nobody') },
            ]}
            onChange={channel => filters.set({ helped_by: channel })}
          />
          <Choice
            label={t('relations.how')}
            value={filters.get('level')}
            options={LEVELS.map(value => ({ value, label: t(`relations.level.${value}`) }))}
            onChange={level => filters.set({ level })}
          />
        </>
      )}
      <SearchField
        label={t('places.list.search')}
        placeholder={t('places.list.search_example')}
        value={filters.get('search')}
        onChange={search => filters.set({ search })}
      />
    </FilterBar>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { provincesQuery } from '@/api/reference'
import { useUser } from '@/api/session'
import type { VillagePage } from '@/api/types'
import { type Filters, useFilters } from '@/lib/filters'
import { formatCount } from '@/lib/format'
import { NARROW, PHONE, useMedia } from '@/lib/media'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { Segments } from '@/ui/form/Segments'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty, Waiting } from '@/ui/state/States'
import { Pager } from '@/ui/table/Pager'
import { CATEGORIES, FIT_PAGE_SIZE, villagesQuery, WITHIN_KM } from './queries'
import { VillageCard } from './VillageCard'
import { VillageMap } from './VillageMap'
import classes from './Villages.module.css'

const KEPT = ['view', 'county', 'party'] as const

/** The villages that fit one firm best, ranked on the spot, with reasons; its own, or one that somebody watches over. */
export default function VillagesPage() {
  const { t } = useTranslation()
  const user = useUser()
  const filters = useFilters(KEPT)
  const party = Number(filters.get('party') || user.party?.id || 0)
  const asked = {
    page: filters.page,
    province: filters.chosen('province'),
    category: filters.chosen('category'),
    within_km: Number(filters.get('within')) || undefined,
    helped: filters.get('taken') === 'hide' ? false : undefined,
    search: filters.chosen('search'),
  }
  const query = useQuery(villagesQuery(party, asked))
  const found = query.data
  return (
    <Page
      title={found && !found.is_own ? t('villages.title_of', { name: found.party.name }) : t('villages.title')}
      tab={t('villages.title')}
      lead={t('villages.lead')}
      width="wide"
      actions={
        <Link to="/interests">{t(user.role === 'COMPANY' ? 'villages.interests.mine' : 'villages.interests.all')}</Link>
      }
    >
      {found && <Notices data={found} />}
      <VillageFilters filters={filters} />
      <QueryView
        query={query}
        waiting={
          <Panel>
            <Waiting lines={8} />
          </Panel>
        }
        fill
      >
        {data => <Found data={data} filters={filters} />}
      </QueryView>
    </Page>
  )
}

/** What the record still wants for, where it does not keep villages from being ranked. */
function Notices({ data }: { data: VillagePage }) {
  const { t } = useTranslation()
  if (data.count === 0) return null
  return (
    <>
      {data.lacks.includes('VERIFICATION') && <p className={classes.notice}>{t('villages.pending')}</p>}
      {data.lacks.includes('CAPACITY') && (
        <p className={classes.notice}>
          {t('villages.no_capacity', { year: data.year })}{' '}
          {data.is_own && <Link to="/organisation">{t('villages.no_capacity_action')}</Link>}
        </p>
      )}
    </>
  )
}

function VillageFilters({ filters }: { filters: Filters }) {
  const { t } = useTranslation()
  const provinces = useQuery(provincesQuery).data ?? []
  return (
    <FilterBar filters={filters}>
      <Choice
        label={t('villages.filters.province')}
        value={filters.get('province')}
        options={provinces.map(area => ({ value: area.code, label: area.name }))}
        onChange={province => filters.set({ province })}
      />
      <Choice
        label={t('villages.filters.category')}
        value={filters.get('category')}
        options={CATEGORIES.map(value => ({ value, label: t(`needs.category.${value}`) }))}
        onChange={category => filters.set({ category })}
      />
      <Choice
        label={t('villages.filters.within')}
        value={filters.get('within')}
        options={WITHIN_KM.map(km => ({ value: String(km), label: t('villages.within', { km: formatCount(km) }) }))}
        onChange={within => filters.set({ within })}
      />
      <Choice
        label={t('villages.filters.taken')}
        any={t('villages.taken.show')}
        value={filters.get('taken')}
        options={[{ value: 'hide', label: t('villages.taken.hide') }]}
        onChange={taken => filters.set({ taken })}
      />
      <SearchField
        label={t('villages.filters.search')}
        value={filters.get('search')}
        onChange={search => filters.set({ search })}
      />
    </FilterBar>
  )
}

function Found({ data, filters }: { data: VillagePage; filters: Filters }) {
  const { t } = useTranslation()
  const narrow = useMedia(NARROW)
  const asMap = filters.get('view') === 'map'
  if (data.count === 0) {
    return (
      <Panel>
        <Nothing data={data} filters={filters} />
      </Panel>
    )
  }
  return (
    <>
      {narrow && (
        <Segments
          label={t('villages.view')}
          value={asMap ? 'map' : 'list'}
          options={[
            { value: 'list', label: t('villages.as_list') },
            { value: 'map', label: t('villages.as_map') },
          ]}
          onChange={view => filters.set({ view: view === 'map' ? 'map' : '' })}
        />
      )}
      <div className={classes.columns}>
        {(!narrow || !asMap) && <List data={data} filters={filters} />}
        {(!narrow || asMap) && <VillageMap data={data} filters={filters} />}
      </div>
    </>
  )
}

function List({ data, filters }: { data: VillagePage; filters: Filters }) {
  const { t } = useTranslation()
  const phone = useMedia(PHONE)
  return (
    <Panel flush>
      <p className={classes.basis}>
        {t('villages.basis', {
          version: data.policy_version,
          year: data.year,
          count: formatCount(data.scored),
          taken: formatCount(data.helped),
        })}
      </p>
      <ol aria-label={t('villages.caption')} className={classes.list} start={data.results[0]?.rank}>
        {data.results.map(village => (
          <li key={village.area.code}>
            <VillageCard village={village} open={!phone && village === data.results[0]} />
          </li>
        ))}
      </ol>
      <Pager
        count={data.count}
        page={filters.page}
        pageSize={FIT_PAGE_SIZE}
        onPage={page => {
          filters.set({ page })
          window.scrollTo({ top: 0 })
        }}
      />
    </Panel>
  )
}

function Nothing({ data, filters }: { data: VillagePage; filters: Filters }) {
  const { t } = useTranslation()
  if (data.lacks.includes('POLICY')) {
    return <Empty title={t('villages.no_policy')}>{t('villages.no_policy_next')}</Empty>
  }
  if (data.lacks.includes('SEAT')) {
    return <Empty title={t('villages.no_seat')}>{t('villages.no_seat_next')}</Empty>
  }
  if (data.lacks.includes('CAPABILITY')) {
    return (
      <Empty
        title={t('villages.no_offer')}
        action={data.is_own && <Link to="/organisation">{t('villages.no_offer_action')}</Link>}
      >
        {t('villages.no_offer_next')}
      </Empty>
    )
  }
  if (filters.active) {
    return (
      <Empty title={t('villages.empty_filtered')} action={<Button onClick={filters.clear}>{t('common.clear')}</Button>}>
        {t('villages.empty_filtered_next')}
      </Empty>
    )
  }
  return <Empty title={t('villages.empty')}>{t('villages.empty_next')}</Empty>
}

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { County } from '@/api/types'
import type { Filters } from '@/lib/filters'
import { LevelTag, TierTag } from '@/ui/facts/marks'
import { Segments } from '@/ui/form/Segments'
import { Panel } from '@/ui/layout/Panel'
import { useChannelNames } from '@/ui/relations/MoneyByStage'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { Pager } from '@/ui/table/Pager'
import classes from './CountyListPage.module.css'
import { CountyMap, levelOf } from './CountyMap'
import { LEVELS, PAGE_SIZE, poorCountiesAddress, poorCountiesQuery } from './queries'

/** The poor counties with the channels that reach them, as a table or on the map. */
export function PoorCounties({ filters }: { filters: Filters }) {
  const { t } = useTranslation()
  const view = filters.get('view') === 'map' ? 'map' : 'table'
  const asked = {
    parent: filters.chosen('parent'),
    tier: filters.chosen('tier'),
    search: filters.chosen('search'),
    helped_by: filters.chosen('helped_by'),
    level: LEVELS.find(one => one === filters.get('level')),
    ordering: filters.chosen('ordering'),
  }
  const query = useQuery(poorCountiesQuery(asked, view === 'map' ? undefined : filters.page))
  return (
    <Panel
      flush
      title={t('places.list.kinds.poor')}
      note={view === 'map' && t('relations.map_note')}
      aside={
        <Segments
          label={t('places.list.kinds.poor')}
          value={view}
          options={(['table', 'map'] as const).map(value => ({ value, label: t(`relations.as_${value}`) }))}
          onChange={value => filters.set({ view: value === 'map' ? 'map' : '', county: '' })}
        />
      }
    >
      <QueryView query={query} isEmpty={data => data.count === 0} empty={<Nothing filters={filters} />}>
        {data =>
          view === 'map' ? (
            <CountyMap counties={data.results} filters={filters} />
          ) : (
            <Table rows={data.results} count={data.count} filters={filters} address={poorCountiesAddress(asked)} />
          )
        }
      </QueryView>
    </Panel>
  )
}

export function Nothing({ filters }: { filters: Filters }) {
  const { t } = useTranslation()
  return (
    <Empty title={t('places.list.empty')} action={<Button onClick={filters.clear}>{t('common.clear')}</Button>}>
      {t('places.list.empty_next')}
    </Empty>
  )
}

type TableProps = { rows: County[]; count: number; filters: Filters; address: string }

function Table({ rows, count, filters, address }: TableProps) {
  const { t } = useTranslation()
  return (
    <DataTable
      caption={t('places.list.caption')}
      rows={rows}
      columns={useColumns(filters.chosen('helped_by'))}
      rowKey={county => county.code}
      ordering={filters.chosen('ordering')}
      onOrder={order => filters.set({ ordering: order })}
      card={county => (
        <div className={classes.card}>
          <AreaName area={county} />
          <TierTag tier={county.tier} />
          <Channels county={county} />
          <span className={classes.code}>{county.code}</span>
        </div>
      )}
      footer={
        <Pager
          count={count}
          page={filters.page}
          pageSize={PAGE_SIZE}
          onPage={page => filters.set({ page })}
          address={address}
        />
      }
    />
  )
}

function useColumns(channel: string | undefined): Column<County>[] {
  const { t } = useTranslation()
  return [
    { key: 'name', title: t('places.list.columns.name'), order: 'pinyin', render: one => <AreaName area={one} /> },
    { key: 'code', title: t('places.list.columns.code'), order: 'code', minor: true, render: one => one.code },
    { key: 'tier', title: t('places.list.columns.tier'), render: one => <TierTag tier={one.tier} /> },
    {
      key: 'level',
      title: t('relations.how'),
      render: one => <LevelTag level={levelOf(one, channel)} />,
    },
    { key: 'channels', title: t('relations.channel'), render: one => <Channels county={one} /> },
    {
      key: 'exit',
      title: t('places.list.columns.exit'),
      order: 'exit_year',
      align: 'right',
      minor: true,
      render: one => one.exit_year,
    },
  ]
}

/** Channels in which the county is on record, those that cover nobody in pale ink. */
function Channels({ county }: { county: County }) {
  const { t } = useTranslation()
  const nameOf = useChannelNames()
  if (county.channels.length === 0) return <span className={classes.pale}>{t('relations.nobody')}</span>
  return (
    <span className={classes.channels}>
      {county.channels.map(({ channel, level }) => (
        <span key={channel} className={level === 'UNVERIFIED' || level === 'UNCONFIRMED' ? classes.pale : undefined}>
          {nameOf(channel)}
          {level === 'UNVERIFIED' && `（${t('pairings.status.UNVERIFIED')}）`}
          {level === 'UNCONFIRMED' && `（${t('relations.level.UNCONFIRMED')}）`}
        </span>
      ))}
    </span>
  )
}

/** The name that leads to the place's page, and what lies above it in pale ink. */
export function AreaName({ area }: { area: { code: string; name: string; full_name: string } }) {
  const above = area.full_name.endsWith(area.name) ? area.full_name.slice(0, -area.name.length) : ''
  return (
    <>
      <Link to={`/counties/${area.code}`} className={classes.name}>
        {area.name}
      </Link>
      {above && <span className={classes.above}>{above}</span>}
    </>
  )
}

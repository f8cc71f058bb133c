import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Coverage } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { TierTag } from '@/ui/facts/marks'
import { Tag, type Tone } from '@/ui/facts/Tag'
import { Choice } from '@/ui/form/FilterBar'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { Pager } from '@/ui/table/Pager'
import { type CoverageLevel, LEVELS, levelOf } from './coverage'
import classes from './WorkbenchPage.module.css'

const PAGE_SIZE = 50
const TONES: Record<CoverageLevel, Tone> = { confirmed: 'ok', recorded: 'info', unverified: 'warn', none: 'neutral' }

/** What the map shows, county by county. */
export function CoverageTable({ counties }: { counties: Coverage[] }) {
  const { t } = useTranslation()
  const filters = useFilters()
  const tier = filters.get('tier')
  const level = filters.get('coverage')
  const rows = useMemo(
    () => counties.filter(one => (!tier || one.tier === tier) && (!level || levelOf(one) === level)),
    [counties, tier, level],
  )
  const shown = rows.slice((filters.page - 1) * PAGE_SIZE, filters.page * PAGE_SIZE)
  const columns: Column<Coverage>[] = [
    { key: 'county', title: t('workbench.table_columns.county'), render: one => <CountyLink county={one} /> },
    { key: 'tier', title: t('workbench.table_columns.tier'), render: one => <TierTag tier={one.tier} /> },
    { key: 'coverage', title: t('workbench.table_columns.coverage'), render: one => <Level county={one} /> },
    { key: 'helpers', title: t('workbench.table_columns.helpers'), render: one => <Helpers county={one} /> },
  ]
  return (
    <>
      <div className={classes.tableTools}>
        <Choice
          label={t('workbench.table_columns.tier')}
          value={tier}
          options={(['deep', 'poor'] as const).map(value => ({ value, label: t(`common.tier.${value}`) }))}
          onChange={value => filters.set({ tier: value })}
        />
        <Choice
          label={t('workbench.table_columns.coverage')}
          value={level}
          options={LEVELS.map(value => ({ value, label: t(`workbench.coverage.${value}`) }))}
          onChange={value => filters.set({ coverage: value })}
        />
      </div>
      {rows.length === 0 ? (
        <Empty title={t('places.list.empty')} />
      ) : (
        <DataTable
          caption={t('workbench.table_caption')}
          rows={shown}
          columns={columns}
          rowKey={one => one.code}
          card={one => (
            <div className={classes.card}>
              <CountyLink county={one} />
              <TierTag tier={one.tier} />
              <Level county={one} />
              <Helpers county={one} />
            </div>
          )}
          footer={
            <Pager
              count={rows.length}
              page={filters.page}
              pageSize={PAGE_SIZE}
              onPage={page => filters.set({ page })}
            />
          }
        />
      )}
    </>
  )
}

function CountyLink({ county }: { county: Coverage }) {
  return <Link to={`/counties/${county.code}`}>{county.name}</Link>
}

function Level({ county }: { county: Coverage }) {
  const { t } = useTranslation()
  const level = levelOf(county)
  return <Tag tone={TONES[level]}>{t(`workbench.coverage.${level}`)}</Tag>
}

function Helpers({ county }: { county: Coverage }) {
  if (county.helpers.length === 0) return null
  return (
    <span className={classes.helpers}>
      {county.helpers.map(helper => (
        <Link key={helper.pairing} to={`/pairings/${helper.pairing}`}>
          {helper.name}
        </Link>
      ))}
    </span>
  )
}

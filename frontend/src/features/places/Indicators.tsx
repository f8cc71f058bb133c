import { useTranslation } from 'react-i18next'
import type { AreaIndicator, AreaProfile } from '@/api/types'
import { formatMeasure } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { UnverifiedTag } from '@/ui/facts/marks'
import { Panel } from '@/ui/layout/Panel'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import classes from './CountyPage.module.css'

type Standing = AreaIndicator['province']

/** Every published measure of a county, with year, source and rank. */
export function Indicators({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const nameOf = (indicator: AreaIndicator): string => (language === 'en' ? indicator.name_en : indicator.name_zh)
  const rank = (standing: Standing) => (
    <span className={classes.latest}>
      {standing ? t('places.page.rank', { rank: standing.rank, of: standing.of }) : '—'}
    </span>
  )
  const columns: Column<AreaIndicator>[] = [
    {
      key: 'name',
      title: t('places.page.columns.name'),
      render: indicator => (
        <>
          {nameOf(indicator)}
          <div className={classes.small}>{indicator.points.at(-1)?.source}</div>
        </>
      ),
    },
    { key: 'value', title: t('places.page.columns.value'), align: 'right', render: one => <Latest indicator={one} /> },
    { key: 'trend', title: t('places.page.columns.trend'), minor: true, render: one => <Sparkline indicator={one} /> },
    { key: 'province', title: t('places.page.columns.province'), align: 'right', render: one => rank(one.province) },
    { key: 'country', title: t('places.page.columns.country'), align: 'right', render: one => rank(one.country) },
  ]
  return (
    <Panel title={t('places.page.indicators_title')} note={t('places.page.indicators_note')} flush>
      {area.indicators.length === 0 ? (
        <Empty title={t('places.page.indicators_none')} />
      ) : (
        <DataTable
          caption={t('places.page.indicators_title')}
          rows={area.indicators}
          columns={columns}
          rowKey={indicator => indicator.code}
          card={indicator => (
            <div className={classes.card}>
              <span>{nameOf(indicator)}</span>
              <Latest indicator={indicator} />
              <span className={classes.small}>
                {t('places.page.columns.province')} {rank(indicator.province)} · {t('places.page.columns.country')}{' '}
                {rank(indicator.country)}
              </span>
            </div>
          )}
        />
      )}
    </Panel>
  )
}

function Latest({ indicator }: { indicator: AreaIndicator }) {
  const { t } = useTranslation()
  const latest = indicator.points.at(-1)
  if (!latest) return '—'
  return (
    <span className={classes.latest}>
      {formatMeasure(latest.value)} {indicator.unit}
      <div className={classes.small}>
        {t('common.year_of', { year: latest.year })} <UnverifiedTag status={latest.status} />
      </div>
    </span>
  )
}

const WIDTH = 72
const HEIGHT = 22

/** The years in between, drawn small; gaps between years keep their width. */
function Sparkline({ indicator }: { indicator: AreaIndicator }) {
  const { t } = useTranslation()
  const first = indicator.points[0]
  const last = indicator.points.at(-1)
  if (!first || !last || first === last) return null
  const values = indicator.points.map(point => Number(point.value))
  const low = Math.min(...values)
  const high = Math.max(...values)
  const x = (year: number): number => ((year - first.year) / (last.year - first.year)) * WIDTH
  const y = (value: number): number => HEIGHT - 2 - ((value - low) / (high - low || 1)) * (HEIGHT - 4)
  const path = indicator.points.map((point, at) => `${at === 0 ? 'M' : 'L'}${x(point.year)} ${y(Number(point.value))}`)
  const words = t('places.page.trend_words', {
    from: first.year,
    first: formatMeasure(first.value),
    to: last.year,
    last: formatMeasure(last.value),
  })
  return (
    <svg className={classes.sparkline} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      <title>{words}</title>
      <path d={path.join(' ')} />
      <circle cx={WIDTH} cy={y(Number(last.value))} r="2" />
    </svg>
  )
}

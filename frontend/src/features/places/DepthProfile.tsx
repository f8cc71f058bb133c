import { useTranslation } from 'react-i18next'
import type { AreaIndicator, AreaProfile } from '@/api/types'
import { formatMeasure } from '@/lib/format'
import { Unknown } from '@/ui/facts/Facts'
import { UnverifiedTag } from '@/ui/facts/marks'
import { Panel } from '@/ui/layout/Panel'
import classes from './CountyPage.module.css'

type Measure =
  | 'poverty_incidence'
  | 'poor_share'
  | 'gdp_per_registered_head'
  | 'fiscal_revenue_per_head'
  | 'rural_disposable_income'
  | 'infrastructure'
  | 'allowance_share'
  | 'illness_share'
  | 'elderly_share'

/** “两高、一低、一差、三重” of June 2017, in its order. Measures without public county figures are listed all the same. */
const GROUPS: [group: 'high' | 'low' | 'poor' | 'heavy', measures: Measure[]][] = [
  ['high', ['poor_share', 'poverty_incidence']],
  ['low', ['gdp_per_registered_head', 'fiscal_revenue_per_head', 'rural_disposable_income']],
  ['poor', ['infrastructure']],
  ['heavy', ['allowance_share', 'illness_share', 'elderly_share']],
]

/** Where a county stands on each measure of deep poverty, against its province and the country. */
export function DepthProfile({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  const known = new Map(area.indicators.map(indicator => [indicator.code, indicator]))
  return (
    <Panel title={t('places.page.profile_title')} note={t('places.page.profile_note')}>
      <div className={classes.groups}>
        {GROUPS.map(([group, measures]) => (
          <div key={group} className={classes.group}>
            <h3>{t(`places.page.groups.${group}`)}</h3>
            <ul className={classes.measures}>
              {measures.map(measure => (
                <li key={measure} className={classes.measure}>
                  <span className={classes.measureName}>{t(`places.page.measures.${measure}`)}</span>
                  <Value indicator={known.get(measure)} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Panel>
  )
}

function Value({ indicator }: { indicator: AreaIndicator | undefined }) {
  const { t } = useTranslation()
  const latest = indicator?.points.at(-1)
  if (!indicator || !latest) return <Unknown />
  return (
    <>
      <span>
        <span className={classes.measureValue}>{formatMeasure(latest.value, 0)}</span> {indicator.unit}
        <span className={classes.quiet}>（{t('common.year_of', { year: latest.year })}）</span>
      </span>
      <UnverifiedTag status={latest.status} />
      {indicator.province && indicator.country && <Versus indicator={indicator} value={Number(latest.value)} />}
    </>
  )
}

function Versus({ indicator, value }: { indicator: AreaIndicator; value: number }) {
  const { t } = useTranslation()
  const { province, country } = indicator
  if (!province || !country) return null
  const scale = Math.max(value, Number(province.median), Number(country.median)) * 1.15
  const at = (amount: number | string): string => `${(Number(amount) / scale) * 100}%`
  return (
    <>
      <span className={classes.rail} aria-hidden="true">
        <span className={classes.railFill} style={{ width: at(value), display: 'block' }} />
        <span className={`${classes.tick} ${classes.tickProvince}`} style={{ left: at(province.median) }} />
        <span className={classes.tick} style={{ left: at(country.median) }} />
      </span>
      <span className={classes.versus}>
        {t('places.page.against_province')} {formatMeasure(province.median, 0)} · {t('places.page.against_country')}{' '}
        {formatMeasure(country.median, 0)}
      </span>
    </>
  )
}

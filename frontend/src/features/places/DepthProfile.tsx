import { useTranslation } from 'react-i18next'
import type { AreaIndicator, AreaProfile, DepthElement, DepthIndex } from '@/api/types'
import { formatMeasure } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { Unknown } from '@/ui/facts/Facts'
import { UnverifiedTag } from '@/ui/facts/marks'
import { Panel } from '@/ui/layout/Panel'
import classes from './CountyPage.module.css'

const GROUPS = ['high', 'low', 'poor', 'heavy'] as const

/** Where a county stands on each measure of deep poverty, against its province and the country, and the index over them. */
export function DepthProfile({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  const index = area.depth_index
  if (!index) return null
  const known = new Map(area.indicators.map(indicator => [indicator.code, indicator]))
  return (
    <Panel title={t('places.page.profile_title')} note={t('places.page.profile_note')}>
      <Index index={index} />
      <div className={classes.groups}>
        {GROUPS.map(group => (
          <div key={group} className={classes.group}>
            <h3>{t(`places.page.groups.${group}`)}</h3>
            <ul className={classes.measures}>
              {index.elements
                .filter(element => element.group === group)
                .map(element => (
                  <Measure key={element.indicator} element={element} indicator={known.get(element.indicator)} />
                ))}
            </ul>
          </div>
        ))}
      </div>
    </Panel>
  )
}

/** The index, and in which span it lies once the missing elements are known: the span is the message. */
function Index({ index }: { index: DepthIndex }) {
  const { t } = useTranslation()
  const [low, high] = [Number(index.low), Number(index.high)]
  const elements = index.elements.length
  return (
    <div className={classes.index}>
      <p className={classes.indexLine}>
        <span>{t('places.page.index', { version: index.version })}</span>
        {index.value === null ? <Unknown /> : <strong className={classes.indexValue}>{index.value}</strong>}
        {index.country_rank !== null && index.province_rank !== null && (
          <span className={classes.quiet}>
            {t('places.page.against_country')} {t('places.page.rank', rank(index.country_rank, index.country_of))} ·{' '}
            {t('places.page.against_province')} {t('places.page.rank', rank(index.province_rank, index.province_of))}
          </span>
        )}
      </p>
      <span className={classes.rail} aria-hidden="true">
        <span className={classes.span} style={{ left: `${low}%`, width: `${high - low}%` }} />
        {index.value !== null && <span className={classes.tick} style={{ left: `${Number(index.value)}%` }} />}
      </span>
      <p className={classes.versus}>
        {t('places.page.index_span', { known: index.known, elements, low: index.low, high: index.high })}
      </p>
    </div>
  )
}

const rank = (place: number, of: number) => ({ rank: place, of })

function Measure({ element, indicator }: { element: DepthElement; indicator: AreaIndicator | undefined }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const latest = indicator?.points.at(-1)
  return (
    <li className={classes.measure}>
      <span className={classes.measureName}>{language === 'zh-Hans' ? element.name_zh : element.name_en}</span>
      {indicator && latest ? (
        <>
          <span>
            <span className={classes.measureValue}>{formatMeasure(latest.value, 1)}</span> {indicator.unit}
            <span className={classes.quiet}>（{t('common.year_of', { year: latest.year })}）</span>
          </span>
          <UnverifiedTag status={latest.status} />
          <Versus indicator={indicator} value={Number(latest.value)} />
          <span className={classes.versus}>
            {element.hardship !== null && `${t('places.page.hardship', { share: element.hardship })} · `}
            {t('places.page.source', { source: latest.source })}
          </span>
        </>
      ) : (
        <Unknown />
      )}
    </li>
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
        {t('places.page.median_province')} {formatMeasure(province.median, 0)}（{t('places.page.rank', province)}） ·{' '}
        {t('places.page.median_country')} {formatMeasure(country.median, 0)}（{t('places.page.rank', country)}）
      </span>
    </>
  )
}

import { useQueries } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { areaQuery } from '@/api/reference'
import type { AreaIndicator, AreaProfile, Suggestion } from '@/api/types'
import { formatMeasure } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { Unknown } from '@/ui/facts/Facts'
import { UnverifiedTag } from '@/ui/facts/marks'
import { Empty, Failed, Waiting } from '@/ui/state/States'
import { type Line, linesOf } from './lines'
import classes from './Review.module.css'

/** Both profiles, measure by measure; what nobody published is unknown on that side. */
export function Comparison({ suggestion }: { suggestion: Suggestion }) {
  const codes = [suggestion.helper.area?.code, suggestion.recipient.code].filter(code => code !== undefined)
  const queries = useQueries({ queries: codes.map(areaQuery) })
  const failed = queries.find(query => query.isError)
  if (failed) {
    return <Failed error={failed.error} retry={() => void failed.refetch()} />
  }
  const [helper, recipient] = queries.map(query => query.data)
  if (!helper || !recipient) return <Waiting lines={8} />
  return <Sides helper={helper} recipient={recipient} />
}

function Sides({ helper, recipient }: { helper: AreaProfile; recipient: AreaProfile }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const lines = linesOf(helper, recipient)
  if (lines.length === 0) return <Empty title={t('review.compare_empty')} />
  return (
    <>
      <p className={classes.note}>{t('review.compare_note')}</p>
      <table className={classes.compare}>
        <thead>
          <tr>
            <th scope="col">{t('review.compare_columns.field')}</th>
            <th scope="col">{helper.name}</th>
            <th scope="col">{recipient.name}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line: Line) => (
            <tr key={line.code}>
              <th scope="row">
                {language === 'en' ? line.name_en : line.name_zh}
                <small>{line.unit}</small>
              </th>
              <td>
                <Latest indicator={line.helper} />
              </td>
              <td>
                <Latest indicator={line.recipient} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Latest({ indicator }: { indicator: AreaIndicator | undefined }) {
  const { t } = useTranslation()
  const latest = indicator?.points.at(-1)
  if (!latest) return <Unknown />
  return (
    <>
      {formatMeasure(latest.value)}
      <small>
        {t('common.year_of', { year: latest.year })} <UnverifiedTag status={latest.status} />
      </small>
    </>
  )
}

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Comparison } from '@/api/types'
import { StackedBars } from '@/ui/chart/StackedBars'
import { Panel } from '@/ui/layout/Panel'
import { DataTable } from '@/ui/table/DataTable'
import classes from './ComparePage.module.css'
import { byHelpers, padded, placesOf } from './comparing'

/** Who falls behind in each of the two runs: counties by their helpers, pairs by their fit. */
export function Distributions({ told }: { told: Comparison }) {
  const { t } = useTranslation()
  const places = t(placesOf(told.a))
  const helpers = padded(byHelpers(told.spread_a), byHelpers(told.spread_b))
  return (
    <Panel title={t('compare.spread_title')} note={t('compare.spread_note', { places })}>
      <div className={classes.columns}>
        <Bars
          told={told}
          title={t('compare.by_helpers', { places })}
          unit={t('compare.recipients', { places })}
          bars={helpers[0].map((_, count) => t('compare.helpers', { count }))}
          rows={helpers}
        />
        <Bars
          told={told}
          title={t('compare.by_band')}
          unit={t('compare.pairs_unit')}
          bars={told.spread_a.bands.map((_, at) => `${at * 10}–${(at + 1) * 10}`)}
          rows={[told.spread_a.bands, told.spread_b.bands]}
        />
      </div>
    </Panel>
  )
}

type BarsProps = { told: Comparison; title: string; unit: string; bars: string[]; rows: [number[], number[]] }

function Bars({ told, title, unit, bars, rows }: BarsProps) {
  const { t } = useTranslation()
  const [a, b] = [told.a.id, told.b.id]
  const names = [t('compare.run', { id: a }), t('compare.run', { id: b })]
  // biome-ignore lint/correctness/useExhaustiveDependencies: the figures are new only with another answer
  const series = useMemo(() => rows.map((values, at) => ({ name: names[at] ?? '', values })), [told, t])
  return (
    <section>
      <h3>{title}</h3>
      <StackedBars label={t('compare.words', { what: title, a, b })} unit={unit} bars={bars} series={series} beside />
      <details className={classes.draw}>
        <summary>{t('compare.table')}</summary>
        <DataTable
          caption={title}
          rows={bars.map((bar, at) => ({ bar, a: rows[0][at], b: rows[1][at] }))}
          rowKey={row => row.bar}
          columns={[
            { key: 'bar', title, render: row => row.bar },
            { key: 'a', title: names[0], align: 'right', render: row => row.a },
            { key: 'b', title: names[1], align: 'right', render: row => row.b },
          ]}
        />
      </details>
    </section>
  )
}

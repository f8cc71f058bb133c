import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import type { Comparison, Matched, Spot } from '@/api/types'
import { formatCount, formatScore } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { SwapChain } from '@/ui/facts/SwapChain'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import classes from './ComparePage.module.css'
import { countyAddress, type Line, linesOf, placesOf } from './comparing'
import { Distributions } from './Distributions'
import { comparisonQuery } from './queries'

/** Two runs of one channel side by side: what each gives to whom, and which pairs change. */
export default function ComparePage() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const a = Number(params.get('a'))
  const b = Number(params.get('b'))
  const chosen = Number.isInteger(a) && Number.isInteger(b) && a > 0 && b > 0
  const query = useQuery({ ...comparisonQuery(a, b), enabled: chosen })
  return (
    <Page
      title={t('compare.title')}
      lead={chosen && t('compare.lead', { a, b })}
      crumbs={[{ to: '/runs', label: t('runs.title') }]}
      actions={
        chosen && (
          <Button onClick={() => setParams({ a: String(b), b: String(a) }, { replace: true })}>
            {t('compare.turn')}
          </Button>
        )
      }
    >
      {chosen ? (
        <QueryView query={query} fill>
          {told => (
            <>
              <Figures told={told} />
              <Distributions told={told} />
              <Changes told={told} />
            </>
          )}
        </QueryView>
      ) : (
        <Panel>
          <Empty title={t('compare.none')} action={<Link to="/runs">{t('runs.title')}</Link>}>
            {t('compare.none_next')}
          </Empty>
        </Panel>
      )}
    </Page>
  )
}

function Figures({ told }: { told: Comparison }) {
  const { t } = useTranslation()
  const nameOf = useLineName(t(placesOf(told.a)))
  const figure = (line: Line, side: 0 | 1) => {
    const value = side === 0 ? line.a : line.b
    if (value === null) return '—'
    if (line.of) return t('compare.of', { part: value, all: line.of[side] })
    return line.kind === 'percent' ? `${shownAs(line.kind, value)}%` : shownAs(line.kind, value)
  }
  const of = (side: 'a' | 'b') => <Link to={`/runs/${told[side].id}`}>{t('compare.run', { id: told[side].id })}</Link>
  const columns: Column<Line>[] = [
    { key: 'figure', title: t('compare.figure'), render: nameOf },
    { key: 'a', title: of('a'), align: 'right', render: line => figure(line, 0) },
    { key: 'b', title: of('b'), align: 'right', render: line => figure(line, 1) },
    { key: 'change', title: t('compare.difference'), align: 'right', render: line => <Change line={line} /> },
  ]
  return (
    <Panel
      title={t('compare.figures_title')}
      note={
        told.same_policy ? undefined : t('compare.other_policy', { a: told.a.policy_version, b: told.b.policy_version })
      }
      flush
    >
      <DataTable
        caption={t('compare.figures_title')}
        rows={linesOf(told)}
        columns={columns}
        rowKey={line => line.key}
        card={line => (
          <div className={classes.card}>
            <span>{nameOf(line)}</span>
            <span>
              {figure(line, 0)} → {figure(line, 1)}
            </span>
            <Change line={line} />
          </div>
        )}
      />
    </Panel>
  )
}

function useLineName(places: string): (line: Line) => string {
  const { t } = useTranslation()
  return ({ key }) =>
    key === 'deep' || key === 'poor'
      ? t('compare.covered', { tier: t(`common.tier.${key}`), places })
      : t(`compare.${key as 'pairs'}`)
}

function shownAs(kind: Line['kind'], value: number): string {
  if (kind === 'score') return formatScore(value)
  return kind === 'percent' ? value.toFixed(1) : formatCount(value)
}

function Change({ line }: { line: Line }) {
  const { t } = useTranslation()
  if (line.a === null || line.b === null) return <>—</>
  const difference = line.b - line.a
  if (difference === 0) return <span className={classes.same}>0</span>
  const sign = difference > 0 ? '+' : '−'
  return (
    <strong>
      {sign}
      {shownAs(line.kind, Math.abs(difference))}
      {line.kind === 'percent' && ` ${t('compare.points')}`}
    </strong>
  )
}

function Changes({ told }: { told: Comparison }) {
  const { t } = useTranslation()
  const said = told.sentence[useLanguage() === 'en' ? 'en' : 'zh']
  const { shift } = told
  const { counts, removed, added, beyond } = shift
  const places = t(placesOf(told.a))
  const nothing = counts.removed + counts.added === 0
  const listed = Math.max(removed.length, added.length)
  const cut = Math.max(counts.removed, counts.added) > listed
  const note = t('compare.changes_note', { kept: told.kept, removed: counts.removed, added: counts.added })
  return (
    <Panel
      title={t('compare.changes_title')}
      note={beyond > 0 ? `${note}${t('compare.beyond', { count: beyond })}` : note}
    >
      {nothing && beyond === 0 && <p>{t('compare.same')}</p>}
      {!nothing && (
        <>
          <div className={classes.columns}>
            <Pairs title={t('compare.removed', { count: counts.removed })} pairs={removed} />
            <Pairs title={t('compare.added', { count: counts.added })} pairs={added} />
            <Places title={t('compare.uncovered', { places, count: counts.uncovered })} places={shift.uncovered} />
            <Places title={t('compare.covered_now', { places, count: counts.covered })} places={shift.covered} />
          </div>
          {cut && <p>{t('compare.first', { count: listed })}</p>}
          <details className={classes.draw}>
            <summary>{t('compare.draw')}</summary>
            <p>{said}</p>
            <SwapChain shift={shift} said={said} />
          </details>
        </>
      )}
    </Panel>
  )
}

function Pairs({ title, pairs }: { title: string; pairs: readonly Matched[] }) {
  if (pairs.length === 0) return null
  return (
    <section>
      <h3>{title}</h3>
      <ul className={classes.list}>
        {pairs.map(({ helper, recipient }) => (
          <li key={`${helper.code}-${recipient.code}`}>
            {helper.full_name} → <Link to={countyAddress(recipient.code)}>{recipient.full_name}</Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Places({ title, places }: { title: string; places: readonly Spot[] }) {
  if (places.length === 0) return null
  return (
    <section>
      <h3>{title}</h3>
      <ul className={classes.list}>
        {places.map(place => (
          <li key={place.code}>
            <Link to={countyAddress(place.code)}>{place.full_name}</Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

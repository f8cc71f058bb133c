import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { HelpedPlace, PartyPage as Party, Results } from '@/api/types'
import { Amount } from '@/ui/facts/Amount'
import { Figure, StageFigures, Wan } from '@/ui/facts/Facts'
import { PairingStatusTag } from '@/ui/facts/marks'
import { Tag } from '@/ui/facts/Tag'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { useChannelNames } from '@/ui/relations/MoneyByStage'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import classes from './Parties.module.css'
import { partyQuery, resultsQuery } from './queries'
import { Standing } from './Standing'

type Kind = Results['kinds'][number]
type Line = HelpedPlace['lines'][number]
const STAGES = ['agreed', 'arrived', 'confirmed', 'spent', 'accepted'] as const
const PROJECT = ['planned', 'arrived', 'spent', 'accepted'] as const

/** The page a helper can show: where it helps, with what, what became of it and who says so. For everybody, and for paper. */
export default function ResultsPage() {
  const { t } = useTranslation()
  const id = Number(useParams().id)
  const party = useQuery(partyQuery(id))
  const query = useQuery(resultsQuery(id))
  const name = party.data?.name ?? ''
  return (
    <Page
      title={t('parties.results.title', { name })}
      tab={t('parties.results.tab')}
      lead={query.data && t('parties.results.lead', { day: query.data.as_of })}
      crumbs={[
        { to: '/parties', label: t('parties.title') },
        { to: `/parties/${id}`, label: name },
      ]}
      marks={party.data && <Standing party={party.data} />}
      actions={<Button onClick={() => window.print()}>{t('parties.results.print')}</Button>}
    >
      <QueryView query={query} fill>
        {results => (
          <div className={classes.column}>
            <Whole results={results} party={party.data} />
            {results.places.map(place => (
              <Place key={place.pairing} place={place} />
            ))}
          </div>
        )}
      </QueryView>
    </Page>
  )
}

function Whole({ results, party }: { results: Results; party: Party | undefined }) {
  const { t } = useTranslation()
  const { kinds, places, vouched_by, vouched_date } = results
  const confirmed = places.filter(one => one.is_confirmed).length
  return (
    <Panel title={t('parties.results.whole')} note={t('parties.results.note')}>
      <div className={classes.body}>
        <dl className={classes.figures}>
          <Figure label={t('parties.results.places')} value={places.length} />
          <Figure label={t('parties.results.confirmed_places')} value={confirmed} />
        </dl>
        {vouched_by && vouched_date && (
          <p className={classes.small}>
            {t('parties.results.vouched', { by: vouched_by, day: vouched_date })}
            {party?.uscc && ` ${t('parties.fields.uscc')} ${party.uscc}`}
          </p>
        )}
        {kinds.length === 0 ? (
          <Empty compact title={t(places.length === 0 ? 'parties.results.none' : 'parties.results.no_promise')} />
        ) : (
          <Sums<Kind>
            caption={t('parties.results.whole')}
            rows={kinds}
            first={{ key: 'places', title: t('parties.results.places'), align: 'right', render: one => one.places }}
            rowKey={one => one.kind}
          />
        )}
      </div>
    </Panel>
  )
}

function Place({ place }: { place: HelpedPlace }) {
  const { t } = useTranslation()
  const nameOf = useChannelNames()
  const from = place.start_date.slice(0, 4)
  const to = place.end_date?.slice(0, 4)
  const years = !place.years_known
    ? t('relations.years_unknown')
    : to === from
      ? from
      : to
        ? t('relations.years', { from, to })
        : t('relations.years_open', { from })
  return (
    <Panel title={place.recipient.full_name} aside={<PairingStatusTag status={place.status} />}>
      <div className={classes.body}>
        <p className={classes.small}>
          {nameOf(place.channel)} · {years}
          {place.answered_by && ` · ${t('parties.results.answered_by', { name: place.answered_by })}`}
        </p>
        {place.lines.length === 0 ? (
          <Empty compact title={t('parties.results.no_promise')} />
        ) : (
          <Sums<Line>
            caption={t('parties.results.of_place', { place: place.recipient.full_name })}
            rows={place.lines}
            first={{ key: 'year', title: t('commitments.columns.year'), render: one => one.year }}
            rowKey={one => `${one.year}-${one.kind}`}
          />
        )}
        {place.projects.length > 0 && <CarriedOut place={place} />}
      </div>
    </Panel>
  )
}

function CarriedOut({ place }: { place: HelpedPlace }) {
  const { t } = useTranslation()
  return (
    <>
      <h3>{t('relations.projects_title')}</h3>
      <ul>
        {place.projects.map(one => (
          <li key={one.id}>
            <Link to={`/needs/${one.need}`}>{one.title}</Link> <Tag>{t(`projects.status.${one.status}`)}</Tag>
            <p className={classes.parts}>
              {PROJECT.map(stage => (
                <span key={stage} className={classes.small}>
                  {t(`projects.columns.${stage}`)} <Wan yuan={one[stage]} />
                </span>
              ))}
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

type SumsProps<Row extends Kind | Line> = {
  caption: string
  rows: readonly Row[]
  first: Column<Row>
  rowKey: (row: Row) => string
}

/** Lines of one kind each, in its own unit: unlike things are never added. */
function Sums<Row extends Kind | Line>({ caption, rows, first, rowKey }: SumsProps<Row>) {
  const { t } = useTranslation()
  const kind = (row: Row) => (
    <>
      {t(`commitments.kind.${row.kind}`)} {row.is_demo && <Tag>{t('common.demo')}</Tag>}
    </>
  )
  const columns: Column<Row>[] = [
    { key: 'kind', title: t('commitments.filters.kind'), render: kind },
    first,
    ...STAGES.map(
      (stage): Column<Row> => ({
        key: stage,
        title: t(`commitments.columns.${stage}`),
        align: 'right',
        render: row => (stage === 'spent' && !row.flows ? '—' : <Amount unit={row.unit} value={row[stage]} />),
      }),
    ),
  ]
  return (
    <DataTable
      caption={caption}
      rows={rows}
      columns={columns}
      rowKey={rowKey}
      card={row => (
        <div className={classes.card}>
          <span>{kind(row)}</span>
          <span className={classes.small}>
            {first.title} {first.render(row)}
          </span>
          <StageFigures>
            {STAGES.filter(stage => stage !== 'spent' || row.flows).map(stage => (
              <div key={stage}>
                <dt>{t(`commitments.columns.${stage}`)}</dt>
                <dd>
                  <Amount unit={row.unit} value={row[stage]} />
                </dd>
              </div>
            ))}
          </StageFigures>
        </div>
      )}
    />
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { YearSummary } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { today } from '@/lib/format'
import { Amount } from '@/ui/facts/Amount'
import { Figure, MoneyFigure, StageFigures } from '@/ui/facts/Facts'
import { Choice, FilterBar } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import classes from './Commitments.module.css'
import { YEARS, yearQuery } from './queries'

type Line = YearSummary['kinds'][number]
type SectorLine = YearSummary['sectors'][number]
const FIGURES = ['agreed', 'arrived', 'confirmed', 'spent', 'accepted'] as const

export default function YearPage() {
  const { t } = useTranslation()
  const filters = useFilters()
  const query = useQuery(yearQuery(Number(filters.get('year')) || undefined))
  // Without a year in the address, the server's choice: the latest with a commitment.
  const year = filters.get('year') || String(query.data?.year ?? '')
  const years = [...new Set([today().slice(0, 4), ...YEARS])]
  return (
    <Page
      title={t('commitments.year.title')}
      lead={year && t('commitments.year.lead', { year })}
      crumbs={[{ to: '/commitments', label: t('commitments.title') }]}
    >
      <FilterBar filters={filters}>
        <Choice
          label={t('commitments.filters.year')}
          value={year}
          options={years.map(value => ({ value, label: value }))}
          onChange={chosen => filters.set({ year: chosen })}
        />
      </FilterBar>
      <QueryView
        query={query}
        isEmpty={data => data.kinds.length === 0}
        empty={
          <Empty
            title={t('commitments.year.empty')}
            action={<Link to="/commitments">{t('shell.nav.commitments')}</Link>}
          />
        }
        fill
      >
        {data => (
          <div className={classes.column}>
            <Look data={data} />
            <Kinds data={data} />
            <Sectors data={data} />
            {data.responsibility.length > 0 && <Responsibility data={data} />}
          </div>
        )}
      </QueryView>
    </Page>
  )
}

function Look({ data }: { data: YearSummary }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('commitments.year.look')}>
      <dl className={classes.figures}>
        <Figure label={t('commitments.year.counties')} value={data.counties} />
        <Figure
          label={t('commitments.year.direct')}
          value={data.direct_share === null ? '—' : `${data.direct_share}%`}
        />
        <MoneyFigure label={t('commitments.year.idle')} yuan={data.idle_yuan} />
        <MoneyFigure label={t('commitments.year.idle_long')} yuan={data.idle_long_yuan} alarming />
        <Figure label={t('commitments.year.differences')} value={data.differences} />
        <Figure label={t('commitments.year.duplicates')} value={data.duplicates} />
      </dl>
      {data.differences + data.duplicates > 0 && (
        <Link to={`/commitments/differences?year=${data.year}`}>{t('commitments.differences.link')}</Link>
      )}
    </Panel>
  )
}

function Kinds({ data }: { data: YearSummary }) {
  const { t } = useTranslation()
  const name = (line: Line) => (
    <Link to={`/commitments?year=${data.year}&kind=${line.kind}`}>{t(`commitments.kind.${line.kind}`)}</Link>
  )
  const columns: Column<Line>[] = [
    { key: 'kind', title: t('commitments.year.kind'), render: name },
    { key: 'count', title: t('commitments.year.items'), align: 'right', render: line => line.count },
    ...FIGURES.map(
      (figure): Column<Line> => ({
        key: figure,
        title: t(`commitments.columns.${figure}`),
        align: 'right',
        render: line => (figure === 'spent' && !line.flows ? '—' : <Amount unit={line.unit} value={line[figure]} />),
      }),
    ),
    { key: 'completion', title: t('commitments.year.completion'), align: 'right', render: completion },
  ]
  return (
    <Panel title={t('commitments.year.kinds')} flush>
      <DataTable
        caption={t('commitments.year.kinds')}
        rows={data.kinds}
        columns={columns}
        rowKey={line => line.kind}
        card={line => (
          <div className={classes.card}>
            {name(line)}
            <span className={classes.small}>
              {t('commitments.year.completion')} {completion(line)}
            </span>
            <StageFigures>
              {FIGURES.filter(figure => figure !== 'spent' || line.flows).map(figure => (
                <div key={figure}>
                  <dt>{t(`commitments.columns.${figure}`)}</dt>
                  <dd>
                    <Amount unit={line.unit} value={line[figure]} />
                  </dd>
                </div>
              ))}
            </StageFigures>
          </div>
        )}
      />
    </Panel>
  )
}

const completion = (line: Line) => (line.completion === null ? '—' : `${line.completion}%`)

function Sectors({ data }: { data: YearSummary }) {
  const { t } = useTranslation()
  const name = (line: SectorLine) =>
    line.sector ? t(`needs.category.${line.sector}`) : t('commitments.year.sector_unknown')
  const columns: Column<SectorLine>[] = [
    { key: 'sector', title: t('commitments.year.sector'), render: name },
    { key: 'count', title: t('commitments.year.items'), align: 'right', render: line => line.count },
    {
      key: 'agreed',
      title: t('commitments.columns.agreed'),
      align: 'right',
      render: line => <Amount unit="YUAN" value={line.agreed} />,
    },
    {
      key: 'share',
      title: t('commitments.year.share'),
      align: 'right',
      render: line => (line.share === null ? '—' : `${line.share}%`),
    },
  ]
  return data.sectors.length === 0 ? null : (
    <Panel title={t('commitments.year.sectors')} flush>
      <DataTable
        caption={t('commitments.year.sectors')}
        rows={data.sectors}
        columns={columns}
        rowKey={line => line.sector}
      />
    </Panel>
  )
}

function Responsibility({ data }: { data: YearSummary }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('commitments.year.responsibility')} flush>
      <DataTable
        caption={t('commitments.year.responsibility')}
        rows={data.responsibility}
        rowKey={line => `${line.kind}-${line.trainees}`}
        columns={[
          {
            key: 'kind',
            title: t('commitments.year.kind'),
            render: line => (
              <Link to={`/commitments?year=${data.year}&kind=${line.kind}`}>
                {t(`commitments.kind.${line.kind}`) +
                  (line.trainees ? `：${t(`commitments.trainees.${line.trainees}`)}` : '')}
              </Link>
            ),
          },
          {
            key: 'agreed',
            title: t('commitments.columns.agreed'),
            align: 'right',
            render: line => <Amount unit={line.unit} value={line.agreed} />,
          },
          {
            key: 'confirmed',
            title: t('commitments.year.confirmed'),
            align: 'right',
            render: line => <Amount unit={line.unit} value={line.confirmed} />,
          },
        ]}
      />
    </Panel>
  )
}

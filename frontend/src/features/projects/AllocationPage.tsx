import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useFilters } from '@/lib/filters'
import { Figure, MoneyFigure, Wan } from '@/ui/facts/Facts'
import { TierTag } from '@/ui/facts/marks'
import { Choice, FilterBar } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { Accept } from './AllocationAccept'
import { allocationQuery, type Line, type Proposal } from './allocation'
import { Earmarks } from './Earmarks'
import classes from './Projects.module.css'

const YEARS = ['2020', '2019', '2018', '2017', '2016']

/** How money that was promised and is meant for nothing yet could meet what is lacking; people decide line by line. */
export default function AllocationPage() {
  const { t } = useTranslation()
  const filters = useFilters()
  const query = useQuery(allocationQuery(Number(filters.get('year')) || undefined))
  const year = query.data?.year
  const years = [...new Set([...(year ? [String(year)] : []), ...YEARS])].sort().reverse()
  return (
    <Page
      title={t('projects.allocation.title')}
      lead={t('projects.allocation.lead')}
      crumbs={[{ to: '/commitments', label: t('commitments.title') }]}
    >
      <FilterBar filters={filters}>
        <Choice
          label={t('commitments.filters.year')}
          value={filters.get('year') || String(year ?? '')}
          options={years.map(value => ({ value, label: value }))}
          onChange={chosen => filters.set({ year: chosen })}
        />
      </FilterBar>
      <QueryView query={query} fill>
        {data => (
          <div className={classes.column}>
            <Sums data={data} />
            <Lines data={data} />
            <Earmarks year={data.year} />
            <Uncovered data={data} />
            <Unallotted data={data} />
          </div>
        )}
      </QueryView>
    </Page>
  )
}

type Props = { data: Proposal }

function Sums({ data }: Props) {
  const { t } = useTranslation()
  if (data.line_count + data.unallotted.length + data.uncovered_count === 0) return null
  return (
    <Panel title={t('projects.allocation.sums')}>
      <dl className={classes.figures}>
        <MoneyFigure label={t('projects.allocation.proposed')} yuan={data.proposed_yuan} tone="strong" />
        <MoneyFigure label={t('projects.allocation.uncovered')} yuan={data.uncovered_yuan} />
        <MoneyFigure label={t('projects.allocation.unallotted')} yuan={data.unallotted_yuan} />
        <Figure label={t('projects.allocation.lines')} value={data.line_count} />
      </dl>
      {data.proofs.length > 0 && <Proofs data={data} />}
    </Panel>
  )
}

/** That no other plan brings more to the deepest, nor then to all: two sums that anybody can add up. */
function Proofs({ data }: Props) {
  const { t } = useTranslation()
  return (
    <details>
      <summary>{t('projects.allocation.proven')}</summary>
      <p className={classes.small}>{t('projects.allocation.proven_words')}</p>
      <ul className={classes.proofs}>
        {data.proofs.map(proof => (
          <li key={proof.tier}>
            {t(`projects.allocation.proof.${proof.tier}`)} <Wan yuan={proof.amount_yuan} /> ={' '}
            {t('projects.allocation.cut')} <Wan yuan={proof.cut_yuan} /> + {t('projects.allocation.elsewhere')}{' '}
            <Wan yuan={proof.elsewhere_yuan} />
          </li>
        ))}
      </ul>
    </details>
  )
}

type NeedOfLine = Line['need']

function NeedName({ need, tier }: { need: NeedOfLine; tier: string }) {
  const { t } = useTranslation()
  return (
    <div>
      <Link to={`/needs/${need.id}`}>{need.title}</Link> <TierTag tier={tier} />
      <div className={classes.small}>
        {need.place} · {need.category_label} · {t('projects.allocation.due', { date: need.deadline_date })}
      </div>
    </div>
  )
}

function Giving({ commitment }: { commitment: Line['commitment'] }) {
  return (
    <div>
      <Link to={`/commitments/${commitment.id}`}>{commitment.title}</Link>
      <div className={classes.small}>
        {commitment.kind_label} → {commitment.recipient.full_name}
      </div>
    </div>
  )
}

function Lines({ data }: Props) {
  const { t } = useTranslation()
  const columns: Column<Line>[] = [
    {
      key: 'need',
      title: t('projects.allocation.need'),
      render: line => <NeedName need={line.need} tier={line.tier} />,
    },
    { key: 'from', title: t('projects.allocation.from'), render: line => <Giving commitment={line.commitment} /> },
    {
      key: 'gap',
      title: t('projects.allocation.gap'),
      align: 'right',
      minor: true,
      render: line => <Wan yuan={line.gap_yuan} />,
    },
    {
      key: 'amount',
      title: t('projects.allocation.amount'),
      align: 'right',
      render: line => <Wan yuan={line.amount_yuan} />,
    },
    { key: 'accept', title: t('projects.allocation.decide'), render: line => <Accept line={line} /> },
  ]
  const left = data.line_count - data.lines.length
  return (
    <Panel title={t('projects.allocation.lines')} note={t('projects.allocation.lines_note')} flush>
      {data.lines.length === 0 ? (
        <Empty
          compact
          title={t('projects.allocation.none')}
          action={<Link to="/commitments">{t('shell.nav.commitments')}</Link>}
        >
          {t('projects.allocation.none_next')}
        </Empty>
      ) : (
        <DataTable
          caption={t('projects.allocation.lines')}
          rows={data.lines}
          columns={columns}
          rowKey={line => `${line.commitment.id}-${line.need.id}`}
          footer={left > 0 && <p className={classes.small}>{t('projects.allocation.more', { count: left })}</p>}
          card={line => (
            <div className={classes.card}>
              <NeedName need={line.need} tier={line.tier} />
              <Giving commitment={line.commitment} />
              <span>
                {t('projects.allocation.amount')} <Wan yuan={line.amount_yuan} />，{t('projects.allocation.gap')}{' '}
                <Wan yuan={line.gap_yuan} />
              </span>
              <Accept line={line} />
            </div>
          )}
        />
      )}
    </Panel>
  )
}

function Uncovered({ data }: Props) {
  const { t } = useTranslation()
  if (data.uncovered.length === 0) return null
  return (
    <Panel
      title={t('projects.allocation.uncovered_title', { count: data.uncovered_count })}
      note={t('projects.allocation.uncovered_note')}
      flush
    >
      <DataTable
        caption={t('projects.allocation.uncovered')}
        rows={data.uncovered}
        rowKey={one => one.need.id}
        columns={[
          {
            key: 'need',
            title: t('projects.allocation.need'),
            render: one => <NeedName need={one.need} tier={one.tier} />,
          },
          {
            key: 'why',
            title: t('projects.allocation.why'),
            render: one => t(`projects.allocation.uncovered_why.${one.reachable ? 'spent' : 'nobody'}`),
          },
          {
            key: 'amount',
            title: t('projects.allocation.still'),
            align: 'right',
            render: one => <Wan yuan={one.amount_yuan} />,
          },
        ]}
        card={one => (
          <div className={classes.card}>
            <NeedName need={one.need} tier={one.tier} />
            <span>
              {t('projects.allocation.still')} <Wan yuan={one.amount_yuan} />
            </span>
          </div>
        )}
      />
    </Panel>
  )
}

function Unallotted({ data }: Props) {
  const { t } = useTranslation()
  if (data.unallotted.length === 0) return null
  const why = (reachable: boolean) => t(`projects.allocation.unallotted_why.${reachable ? 'met' : 'nothing'}`)
  return (
    <Panel title={t('projects.allocation.unallotted')} flush>
      <DataTable
        caption={t('projects.allocation.unallotted')}
        rows={data.unallotted}
        rowKey={one => one.commitment.id}
        columns={[
          {
            key: 'from',
            title: t('projects.allocation.from'),
            render: one => <Giving commitment={one.commitment} />,
          },
          { key: 'why', title: t('projects.allocation.why'), render: one => why(one.reachable) },
          {
            key: 'amount',
            title: t('projects.allocation.rest'),
            align: 'right',
            render: one => <Wan yuan={one.amount_yuan} />,
          },
        ]}
        card={one => (
          <div className={classes.card}>
            <Giving commitment={one.commitment} />
            <span>
              <Wan yuan={one.amount_yuan} />，{why(one.reachable)}
            </span>
          </div>
        )}
      />
    </Panel>
  )
}

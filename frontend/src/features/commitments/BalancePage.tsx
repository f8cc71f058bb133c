import { useQuery } from '@tanstack/react-query'
import { Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { Balance } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { today } from '@/lib/format'
import { MoneyFigure, Wan } from '@/ui/facts/Facts'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import classes from './Commitments.module.css'
import { balanceQuery } from './queries'

type Line = Balance['lines'][number]
const FIGURES = ['agreed', 'arrived', 'confirmed', 'spent', 'accepted'] as const

/** What was left of the money handed to a county, at the end of any day. */
export default function BalancePage() {
  const { t } = useTranslation()
  const code = useParams().code ?? ''
  const filters = useFilters()
  const day = filters.chosen('as_of') ?? today()
  const query = useQuery(balanceQuery(code, day))
  const name = query.data?.name ?? code
  return (
    <Page
      title={t('commitments.balance.title', { name })}
      lead={t('commitments.balance.lead')}
      crumbs={[{ to: `/counties/${code}`, label: name }]}
    >
      <div className={classes.day}>
        <label htmlFor="as-of">{t('commitments.balance.as_of')}</label>
        <Input
          id="as-of"
          type="date"
          value={day}
          max={today()}
          min="1990-01-01"
          onChange={event => event.target.value && filters.set({ as_of: event.target.value })}
        />
      </div>
      <QueryView
        query={query}
        isEmpty={data => data.lines.length === 0}
        empty={<Empty title={t('commitments.balance.empty')} />}
        fill
      >
        {data => <Body data={data} />}
      </QueryView>
    </Page>
  )
}

function Body({ data }: { data: Balance }) {
  const { t } = useTranslation()
  const title = (line: Line) => (
    <div>
      <Link to={`/commitments/${line.id}`}>{line.title}</Link>
      <div className={classes.small}>
        {line.year} · {t(`commitments.kind.${line.kind}`)} · {line.helper}
        {line.recipient !== data.name && ` → ${line.recipient.replace(data.name, '')}`}
      </div>
    </div>
  )
  const money = (key: keyof Balance['totals'], label: string, minor = false): Column<Line> => ({
    key,
    title: label,
    align: 'right',
    minor,
    render: line => <Wan yuan={line[key]} />,
  })
  const columns = [
    { key: 'title', title: t('commitments.columns.title'), render: title },
    ...FIGURES.map(figure => money(figure, t(`commitments.columns.${figure}`), figure === 'accepted')),
    money('balance', t('commitments.balance.balance')),
    money('idle', t('commitments.year.idle')),
    money('idle_long', t('commitments.year.idle_long'), true),
  ]
  return (
    <div className={classes.column}>
      <Panel>
        <dl className={classes.fours}>
          {FIGURES.map(figure => (
            <MoneyFigure key={figure} label={t(`commitments.columns.${figure}`)} yuan={data.totals[figure]} />
          ))}
          <MoneyFigure label={t('commitments.balance.balance')} yuan={data.totals.balance} tone="strong" />
          <MoneyFigure label={t('commitments.year.idle')} yuan={data.totals.idle} />
          <MoneyFigure label={t('commitments.year.idle_long')} yuan={data.totals.idle_long} alarming />
        </dl>
      </Panel>
      <Panel flush>
        <DataTable
          caption={t('commitments.caption')}
          rows={data.lines}
          columns={columns}
          rowKey={line => line.id}
          card={line => (
            <div className={classes.card}>
              {title(line)}
              <span>
                {t('commitments.balance.balance')} <Wan yuan={line.balance} />
              </span>
            </div>
          )}
        />
      </Panel>
      {data.left_off > 0 && <p>{t('commitments.balance.left_off', { count: data.left_off })}</p>}
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '@/api/reference'
import { moneyQuery, type Subject } from '@/api/relations'
import type { StageMoney } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { useLanguage } from '@/lib/i18n'
import { formatWan } from '@/lib/money'
import { StackedBars } from '@/ui/chart/StackedBars'
import { Tag } from '@/ui/facts/Tag'
import { Choice } from '@/ui/form/FilterBar'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import classes from './Relations.module.css'

export const STAGES = ['agreed', 'arrived', 'confirmed', 'spent', 'accepted'] as const
const KEPT = ['money_year'] as const

/** What was given by year, channel and stage: a chart of one year, and every line in a table. */
export function MoneyByStage({ subject, none }: { subject: Subject; none: string }) {
  const { t } = useTranslation()
  const query = useQuery(moneyQuery(subject))
  return (
    <Panel title={t('relations.money_title')} note={t('relations.money_note')}>
      <QueryView query={query} isEmpty={rows => rows.length === 0} empty={<Empty compact title={none} />}>
        {rows => <Money rows={rows} />}
      </QueryView>
    </Panel>
  )
}

function Money({ rows }: { rows: StageMoney[] }) {
  const { t } = useTranslation()
  const filters = useFilters(KEPT)
  const nameOf = useChannelNames()
  const years = [...new Set(rows.map(row => String(row.year)))]
  const year = years.find(one => one === filters.get('money_year')) ?? years[0] ?? ''
  const shown = rows.filter(row => String(row.year) === year)
  const channels = [...new Set(shown.map(row => row.channel))]
  const wan = (yuan: string): number => Number(yuan) / 10_000
  const mixed = rows.some(row => row.is_own) && rows.some(row => !row.is_own)
  return (
    <div className={classes.money}>
      <Choice
        label={t('relations.money_year')}
        any={null}
        value={year}
        options={years.map(value => ({ value, label: value }))}
        onChange={value => filters.set({ money_year: value })}
      />
      <StackedBars
        label={t('relations.money_words', { year })}
        unit={t('common.wan')}
        bars={STAGES.map(stage => t(`relations.stage.${stage}`))}
        series={channels.map(channel => ({
          name: nameOf(channel),
          values: STAGES.map(stage =>
            shown.filter(row => row.channel === channel).reduce((sum, row) => sum + wan(row[stage]), 0),
          ),
        }))}
      />
      <DataTable
        caption={t('relations.money_title')}
        rows={rows}
        columns={useColumns(mixed)}
        rowKey={row => `${row.year}-${row.channel}-${row.is_own}`}
        card={row => (
          <div className={classes.cardMoney}>
            <span>
              {row.year} · {nameOf(row.channel)} {mixed && t(`relations.own.${row.is_own ? 'yes' : 'no'}`)}{' '}
              <Demo row={row} />
            </span>
            {STAGES.map(stage => [
              <span key={`${stage}-name`}>{t(`relations.stage.${stage}`)}</span>,
              <span key={stage} className={classes.amount}>
                {formatWan(row[stage])} {t('common.wan')}
              </span>,
            ])}
          </div>
        )}
      />
    </div>
  )
}

function Demo({ row }: { row: StageMoney }) {
  const { t } = useTranslation()
  return row.is_demo ? <Tag>{t('common.demo')}</Tag> : null
}

function useColumns(mixed: boolean): Column<StageMoney>[] {
  const { t } = useTranslation()
  const nameOf = useChannelNames()
  const own: Column<StageMoney> = {
    key: 'own',
    title: t('relations.own.title'),
    render: row => t(`relations.own.${row.is_own ? 'yes' : 'no'}`),
  }
  return [
    { key: 'year', title: t('relations.money_year'), render: row => row.year },
    {
      key: 'channel',
      title: t('relations.channel'),
      render: row => (
        <>
          {nameOf(row.channel)} <Demo row={row} />
        </>
      ),
    },
    ...(mixed ? [own] : []),
    ...STAGES.map(
      (stage): Column<StageMoney> => ({
        key: stage,
        title: `${t(`relations.stage.${stage}`)}（${t('common.wan')}）`,
        align: 'right',
        render: row => <span className={classes.amount}>{formatWan(row[stage])}</span>,
      }),
    ),
  ]
}

export function useChannelNames(): (code: string) => string {
  const language = useLanguage()
  const { data = [] } = useQuery(channelsQuery)
  return code => {
    const channel = data.find(one => one.code === code)
    return channel ? (language === 'en' ? channel.name_en : channel.name_zh) : code
  }
}

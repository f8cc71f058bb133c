import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ChannelCoverage } from '@/api/types'
import { Panel } from '@/ui/layout/Panel'
import { useChannelNames } from '@/ui/relations/MoneyByStage'
import { QueryView } from '@/ui/state/QueryView'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { channelCoverageQuery } from './queries'
import classes from './WorkbenchPage.module.css'

const LEVELS = ['CONFIRMED', 'RECORDED', 'REGION', 'UNCONFIRMED', 'UNVERIFIED', 'NONE'] as const

/** How many counties each channel reaches, and how firmly; and the counties that none reaches. */
export function ChannelsPanel() {
  const { t } = useTranslation()
  const query = useQuery(channelCoverageQuery)
  const columns = useColumns()
  return (
    <Panel title={t('relations.coverage_title')} note={t('relations.coverage_note')} flush>
      <QueryView query={query}>
        {lines => (
          <DataTable
            caption={t('relations.coverage_title')}
            rows={lines}
            columns={columns}
            rowKey={line => line.channel ?? 'any'}
            card={line => (
              <div className={classes.channelCard}>
                {columns.map(column => (
                  <span key={column.key}>
                    {column.key !== 'channel' && <small>{column.title} </small>}
                    {column.render(line)}
                  </span>
                ))}
              </div>
            )}
            footer={<Nobody lines={lines} />}
          />
        )}
      </QueryView>
    </Panel>
  )
}

function useColumns(): Column<ChannelCoverage>[] {
  const { t } = useTranslation()
  const nameOf = useChannelNames()
  return [
    {
      key: 'channel',
      title: t('relations.channel'),
      render: line => (line.channel === null ? <strong>{t('relations.any')}</strong> : nameOf(line.channel)),
    },
    ...LEVELS.map(
      (level): Column<ChannelCoverage> => ({
        key: level,
        title: t(`relations.level.${level}`),
        align: 'right',
        render: line => <Count line={line} level={level} />,
      }),
    ),
  ]
}

function Count({ line, level }: { line: ChannelCoverage; level: (typeof LEVELS)[number] }) {
  const words = `${line.all[level]}（${line.deep[level]}）`
  if (line.all[level] === 0) return '—'
  if (line.channel !== null && level === 'NONE') return words
  const channel = line.channel === null ? '' : `helped_by=${line.channel}&`
  return <Link to={`/counties?${channel}level=${level}`}>{words}</Link>
}

function Nobody({ lines }: { lines: ChannelCoverage[] }) {
  const { t } = useTranslation()
  const count = lines.find(line => line.channel === null)?.all.NONE ?? 0
  return (
    <p className={classes.channelsFoot}>
      {count === 0 ? (
        t('relations.coverage_nobody_none')
      ) : (
        <Link to="/counties?helped_by=none">{t('relations.coverage_nobody', { count })}</Link>
      )}
    </p>
  )
}

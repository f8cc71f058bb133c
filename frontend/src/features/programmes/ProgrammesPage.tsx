import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { channelsQuery } from '@/api/reference'
import { RUN_READERS, useSession } from '@/api/session'
import type { Channel, RegionPair } from '@/api/types'
import { useLanguage } from '@/lib/i18n'
import { Facts } from '@/ui/facts/Facts'
import { UnverifiedTag } from '@/ui/facts/marks'
import { Tag } from '@/ui/facts/Tag'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import classes from './ProgrammesPage.module.css'
import { regionPairsQuery } from './queries'

export default function ProgrammesPage() {
  const { t } = useTranslation()
  const { user } = useSession()
  const reader = user !== null && RUN_READERS.includes(user.role)
  const channels = useQuery(channelsQuery)
  return (
    <Page
      title={t('programmes.title')}
      lead={t('programmes.lead')}
      actions={
        reader && (
          <Link to="/programmes/policy" className={classes.button}>
            {t(user.role === 'COORDINATOR' ? 'programmes.edit_policy' : 'programmes.see_policy')}
          </Link>
        )
      }
    >
      <QueryView
        query={channels}
        isEmpty={rows => rows.length === 0}
        empty={<Empty title={t('programmes.empty')}>{t('programmes.empty_next')}</Empty>}
      >
        {rows => (
          <ul className={classes.channels}>
            {rows.map(channel => (
              <li key={channel.code}>
                <ChannelCard channel={channel} />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
      <RegionPairs />
    </Page>
  )
}

function ChannelCard({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <article className={`${classes.channel} ${channel.matchable ? classes.matchable : ''}`}>
      <header>
        <h2>{language === 'en' ? channel.name_en : channel.name_zh}</h2>
        <Tag tone={channel.matchable ? 'ok' : 'neutral'}>{t(`programmes.suggests.${channel.suggests}`)}</Tag>
      </header>
      <p>{channel.explanation}</p>
      <Facts
        columns={2}
        items={[
          [t('programmes.helper'), channel.helper],
          [t('programmes.recipient'), channel.recipient],
          [t('programmes.cardinality'), channel.cardinality],
          [t('programmes.fixed_by'), `${channel.fixed_by}（${t(`programmes.settled.${channel.settled_by}`)}）`],
          [
            t('programmes.may_help'),
            mayHelp(channel)
              .map(key => t(key))
              .join('、'),
          ],
          [t('programmes.may_receive'), channel.recipient_levels.map(level => t(`common.level.${level}`)).join('、')],
        ]}
      />
    </article>
  )
}

/** Who may stand on the helping side, as keys of words: governments by their level, others by their kind. */
function mayHelp(channel: Channel) {
  const others = channel.helper_kinds.filter(kind => kind !== 'GOVERNMENT')
  return [
    ...channel.helper_levels.map(level => `common.government.${level}` as const),
    ...others.map(kind => `common.party.${kind}` as const),
  ]
}

function RegionPairs() {
  const { t } = useTranslation()
  const query = useQuery(regionPairsQuery)
  const period = (pair: RegionPair): string => `${pair.valid_from.slice(0, 4)}–${pair.valid_to?.slice(0, 4) ?? ''}`
  const columns: Column<RegionPair>[] = [
    { key: 'helper', title: t('programmes.pairs_columns.helper'), render: pair => pair.helper },
    { key: 'recipient', title: t('programmes.pairs_columns.recipient'), render: pair => pair.recipient },
    { key: 'period', title: t('programmes.pairs_columns.period'), render: period },
    {
      key: 'status',
      title: t('programmes.pairs_columns.status'),
      render: pair =>
        pair.status === 'UNVERIFIED' ? <UnverifiedTag status={pair.status} /> : t('common.fact.SOURCED'),
    },
  ]
  return (
    <Panel title={t('programmes.pairs_title')} note={t('programmes.pairs_note')} flush>
      <QueryView
        query={query}
        isEmpty={pairs => pairs.length === 0}
        empty={<Empty title={t('programmes.pairs_empty')}>{t('programmes.empty_next')}</Empty>}
      >
        {pairs => (
          <DataTable
            caption={t('programmes.pairs_title')}
            rows={pairs}
            columns={columns}
            rowKey={pair => pair.id}
            card={pair => (
              <div className={classes.pair}>
                <span>
                  {pair.helper} → {pair.recipient}
                </span>
                <span>
                  {period(pair)} <UnverifiedTag status={pair.status} />
                </span>
              </div>
            )}
          />
        )}
      </QueryView>
    </Panel>
  )
}

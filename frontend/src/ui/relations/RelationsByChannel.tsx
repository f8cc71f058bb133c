import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { channelsQuery } from '@/api/reference'
import { relationsAddress, relationsQuery, type Whose } from '@/api/relations'
import type { Channel, Relation } from '@/api/types'
import { useLanguage } from '@/lib/i18n'
import { PairingStatusTag, UnverifiedTag } from '@/ui/facts/marks'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { ExportButtons } from '@/ui/table/ExportButtons'
import classes from './Relations.module.css'

type Props = {
  title: string
  whose: Whose
  /** Which end of the relation is told: the helpers of a place, or the places that are helped. */
  tell: 'helper' | 'recipient'
  /** The code of the place, to tell its own relations from those of the places around it and inside it. */
  place?: string
  /** Leaves out relations of the places inside: they stand on pages of their own, and in the file. */
  shown?: (relation: Relation) => boolean
  none: string
  children?: ReactNode
}

/** Relations grouped by channel, each with its mark; who settles the channel's relations stands beside its name. */
export function RelationsByChannel({ title, whose, tell, place, shown = () => true, none, children }: Props) {
  const relations = useQuery(relationsQuery(whose))
  const channels = useQuery(channelsQuery)
  const any = (relations.data?.length ?? 0) > 0
  return (
    <Panel title={title} aside={any && <ExportButtons address={relationsAddress(whose)} />}>
      <QueryView query={relations} isEmpty={rows => !rows.some(shown)} empty={<Empty compact title={none} />}>
        {rows => (
          <QueryView query={channels}>
            {all =>
              all.map(channel => (
                <OfChannel key={channel.code} {...{ channel, rows: rows.filter(shown), tell, place }} />
              ))
            }
          </QueryView>
        )}
      </QueryView>
      {children}
    </Panel>
  )
}

type OfChannelProps = { channel: Channel; rows: Relation[]; tell: Props['tell']; place?: string }

function OfChannel({ channel, rows, tell, place }: OfChannelProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const mine = rows.filter(one => one.channel === channel.code)
  if (mine.length === 0) return null
  return (
    <section className={classes.channel}>
      <h3>
        {language === 'en' ? channel.name_en : channel.name_zh}
        {channel.settled_by === 'AUTHORITY' && <small>{t('relations.recorded_only', { by: channel.fixed_by })}</small>}
      </h3>
      <ul>
        {mine.map(relation => (
          <li key={relation.id} className={classes.relation}>
            <span>
              <Name relation={relation} tell={tell} />
              <Detail relation={relation} place={place} />
            </span>
            <span className={classes.marks}>
              <PairingStatusTag status={relation.status} />
              {relation.status !== 'UNVERIFIED' && <UnverifiedTag status={relation.fact_status} />}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Name({ relation, tell }: { relation: Relation; tell: Props['tell'] }) {
  const name = tell === 'helper' ? relation.helper.name : relation.recipient.full_name
  if (relation.may_open) return <Link to={`/pairings/${relation.id}`}>{name}</Link>
  const page = tell === 'helper' ? `/parties/${relation.helper.id}` : `/counties/${relation.recipient.code}`
  return <Link to={page}>{name}</Link>
}

/** Where the relation names another place than the one the page is about, and its years. */
function Detail({ relation, place }: { relation: Relation; place: string | undefined }) {
  const { t } = useTranslation()
  const { recipient, start_date, end_date, years_known } = relation
  const [from, to] = [start_date.slice(0, 4), end_date?.slice(0, 4)]
  const years = !years_known
    ? t('relations.years_unknown')
    : to
      ? t('relations.years', { from, to })
      : t('relations.years_open', { from })
  const elsewhere = place !== undefined && recipient.code !== place
  return (
    <small>
      {elsewhere && `${t('relations.names', { place: recipient.full_name })} · `}
      {years}
    </small>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Event, Pairing, PairingStatus } from '@/api/types'
import { formatTime } from '@/lib/format'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import classes from './Pairings.module.css'
import { pairingEventsQuery } from './queries'

/** The life of one pairing, oldest first. */
export function Timeline({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const query = useQuery(pairingEventsQuery(pairing.id))
  return (
    <Panel title={t('pairings.timeline')}>
      <QueryView
        query={query}
        isEmpty={events => events.length === 0}
        empty={<Empty compact title={t('pairings.timeline_empty')} />}
      >
        {events => (
          <ol className={classes.timeline}>
            {events.map(event => (
              <li key={event.id} className={classes.event}>
                <Words event={event} />
                <div className={classes.small}>
                  {formatTime(event.at)} · {event.actor_label || t('pairings.by_system')}
                </div>
                {event.reason && <blockquote>{event.reason}</blockquote>}
              </li>
            ))}
          </ol>
        )}
      </QueryView>
    </Panel>
  )
}

function Words({ event }: { event: Event }) {
  const { t, i18n } = useTranslation()
  const status = event.to_status as PairingStatus | ''
  const known = i18n.exists(`pairings.verbs.${event.verb}`)
  const verb = t(`pairings.verbs.${known ? (event.verb as 'moved') : 'moved'}`)
  return (
    <span>
      {verb}
      {status && `，${t('pairings.became', { status: t(`pairings.status.${status}`) })}`}
    </span>
  )
}

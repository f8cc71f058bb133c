import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Event } from '@/api/types'
import { formatTime } from '@/lib/format'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import classes from './EventTimeline.module.css'

type Told = Pick<Event, 'at' | 'actor_label' | 'reason'> & { id: string | number }
type Props<T extends Told> = { query: UseQueryResult<T[], Error>; wordsOf: (event: T) => string }

/** The life of one record, oldest first: what happened, when, who did it and why. */
export function EventTimeline<T extends Told>({ query, wordsOf }: Props<T>) {
  const { t } = useTranslation()
  return (
    <Panel title={t('common.timeline')}>
      <QueryView
        query={query}
        isEmpty={events => events.length === 0}
        empty={<Empty compact title={t('common.timeline_empty')} />}
      >
        {events => (
          <ol className={classes.timeline}>
            {events.map(event => (
              <li key={event.id} className={classes.event}>
                <span>{wordsOf(event)}</span>
                <div className={classes.small}>
                  {formatTime(event.at)} · {event.actor_label || t('common.by_system')}
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

import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { type Subject, timelineQuery } from '@/api/relations'
import type { Moment } from '@/api/types'
import { formatDate } from '@/lib/format'
import { useAmount } from '@/ui/facts/Amount'
import { UnverifiedTag } from '@/ui/facts/marks'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { useChannelNames } from './MoneyByStage'
import classes from './Relations.module.css'

/** What happened to a place or between a helper and its places, newest first, a page at a time. */
export function Moments({ subject }: { subject: Subject }) {
  const { t } = useTranslation()
  const query = useInfiniteQuery(timelineQuery(subject))
  return (
    <Panel title={t('relations.timeline_title')} note={t('relations.timeline_note')}>
      <QueryView
        query={query}
        isEmpty={data => data.pages.every(page => page.results.length === 0)}
        empty={<Empty compact title={t('relations.timeline_none')} />}
      >
        {data => (
          <>
            <ol className={classes.moments}>
              {data.pages
                .flatMap(page => page.results)
                .map(moment => (
                  <li key={`${moment.moment}-${moment.target}-${moment.at}`} className={classes.moment}>
                    <time dateTime={moment.at}>{moment.is_day ? moment.at.slice(0, 10) : formatDate(moment.at)}</time>
                    <span>
                      <Words moment={moment} /> {moment.is_unverified && <UnverifiedTag status="UNVERIFIED" />}
                    </span>
                  </li>
                ))}
            </ol>
            {query.hasNextPage && (
              <Button
                className={classes.more}
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {t('relations.timeline_more')}
              </Button>
            )}
          </>
        )}
      </QueryView>
    </Panel>
  )
}

const PAGES: Partial<Record<Moment['moment'], string>> = {
  NEED_PUBLISHED: '/needs',
  NEED_MET: '/needs',
  PROJECT_AGREED: '/needs',
  PROJECT_COMPLETED: '/needs',
  COMMITMENT_REGISTERED: '/commitments',
  ARRIVAL_CONFIRMED: '/commitments',
}

function Words({ moment }: { moment: Moment }) {
  const { t } = useTranslation()
  const nameOf = useChannelNames()
  const amount = useAmount()
  const words = t(`relations.moment.${moment.moment}`, {
    helper: moment.helper,
    recipient: moment.recipient,
    channel: nameOf(moment.channel),
    title: moment.title,
    kind: moment.kind && t(`commitments.kind.${moment.kind}`),
    figure: moment.unit && amount(moment.unit, moment.quantity ?? moment.yuan ?? 0),
  })
  if (!moment.may_open) return words
  return <Link to={`${PAGES[moment.moment] ?? '/pairings'}/${moment.target}`}>{words}</Link>
}

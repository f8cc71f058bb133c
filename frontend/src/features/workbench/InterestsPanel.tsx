import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { formatCount, formatTime } from '@/lib/format'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { openInterestsQuery } from './queries'
import classes from './WorkbenchPage.module.css'

/** How many firms and organisations wait to hear about a village, and the latest of them. */
export function InterestsPanel() {
  const { t } = useTranslation()
  const query = useQuery(openInterestsQuery)
  return (
    <Panel title={t('workbench.interests_title')} aside={<Link to="/interests">{t('workbench.interests_more')}</Link>}>
      <QueryView
        query={query}
        isEmpty={data => data.count === 0}
        empty={<Empty compact title={t('workbench.interests_empty')} />}
      >
        {data => (
          <>
            <p className={classes.statuses}>
              <Link to="/interests?status=OPEN">
                {t('workbench.interests_open')} <strong>{formatCount(data.count)}</strong>
              </Link>
            </p>
            <ul className={classes.list}>
              {data.results.map(interest => (
                <li key={interest.id} className={classes.item}>
                  <span>
                    {interest.party.name} → {interest.area.full_name}
                  </span>
                  <small>{formatTime(interest.created_at)}</small>
                </li>
              ))}
            </ul>
          </>
        )}
      </QueryView>
    </Panel>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { inboxQuery } from '@/api/reference'
import { formatAgo } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import classes from './WorkbenchPage.module.css'

const SHOWN = 5

export function WaitingPanel() {
  const { t } = useTranslation()
  const language = useLanguage()
  const query = useQuery(inboxQuery)
  return (
    <Panel title={t('workbench.waiting_title')}>
      <QueryView
        query={query}
        isEmpty={items => items.length === 0}
        empty={
          <Empty compact title={t('inbox.empty')}>
            {t('inbox.empty_next')}
          </Empty>
        }
      >
        {items => (
          <>
            <ul className={classes.list}>
              {items.slice(0, SHOWN).map(item => (
                <li key={`${item.kind}-${item.subject_id}`} className={classes.item}>
                  <Link to={item.kind === 'RUN_TO_REVIEW' ? `${item.link}/review` : item.link}>{item.title}</Link>
                  <small>{formatAgo(item.since, language)}</small>
                </li>
              ))}
            </ul>
            {items.length > SHOWN && (
              <Link to="/inbox" className={classes.more}>
                {t('workbench.waiting_more')}
              </Link>
            )}
          </>
        )}
      </QueryView>
    </Panel>
  )
}

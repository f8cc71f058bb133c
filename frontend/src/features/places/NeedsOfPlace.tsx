import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { AreaProfile } from '@/api/types'
import { Wan } from '@/ui/facts/Facts'
import { Tag } from '@/ui/facts/Tag'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import classes from './CountyPage.module.css'
import { needsOfQuery } from './queries'

/** What the county has published as its needs, the newest few. */
export function NeedsOfPlace({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  const query = useQuery(needsOfQuery(area.code))
  const count = query.data?.count ?? 0
  return (
    <Panel
      title={t('needs.of_place')}
      aside={count > 0 && <Link to={`/needs?area=${area.code}`}>{t('needs.all', { count })}</Link>}
    >
      <QueryView
        query={query}
        isEmpty={data => data.count === 0}
        empty={<Empty compact title={t('needs.of_place_none')} />}
      >
        {data => (
          <ul>
            {data.results.map(need => (
              <li key={need.id} className={classes.relation}>
                <span>
                  <Link to={`/needs/${need.id}`}>{need.title}</Link> {need.is_demo && <Tag>{t('common.demo')}</Tag>}
                  <br />
                  <small>{t(`needs.category.${need.category}`)}</small>
                </span>
                <span>{need.cost_yuan && <Wan yuan={need.cost_yuan} />}</span>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  )
}

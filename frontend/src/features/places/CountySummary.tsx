import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { AreaProfile, County } from '@/api/types'
import { LevelTag } from '@/ui/facts/marks'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import classes from './CountyPage.module.css'
import { LEVELS, poorCountiesQuery } from './queries'

/** The poor counties of a province or prefecture, counted by how firmly any channel reaches them. */
export function CountySummary({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  const query = useQuery(poorCountiesQuery({ parent: area.code }))
  return (
    <Panel
      title={t('relations.summary_title')}
      aside={<Link to={`/counties?parent=${area.code}`}>{t('relations.summary_all')}</Link>}
    >
      <QueryView
        query={query}
        isEmpty={data => data.count === 0}
        empty={<Empty compact title={t('relations.summary_none')} />}
      >
        {data => <Counts area={area} counties={data.results} />}
      </QueryView>
    </Panel>
  )
}

function Counts({ area, counties }: { area: AreaProfile; counties: County[] }) {
  const { t } = useTranslation()
  const deep = counties.filter(one => one.tier === 'deep').length
  return (
    <>
      <p>{t('relations.summary_of', { count: counties.length, deep })}</p>
      <ul>
        {LEVELS.map(level => {
          const count = counties.filter(one => one.level === level).length
          return (
            count > 0 && (
              <li key={level} className={classes.relation}>
                <LevelTag level={level} />
                <Link to={`/counties?parent=${area.code}&level=${level}`}>{count}</Link>
              </li>
            )
          )
        })}
      </ul>
    </>
  )
}

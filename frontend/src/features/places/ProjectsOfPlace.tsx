import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { publicProjectsAddress, publicProjectsQuery } from '@/api/relations'
import type { AreaProfile } from '@/api/types'
import { Wan } from '@/ui/facts/Facts'
import { Tag } from '@/ui/facts/Tag'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import classes from './CountyPage.module.css'

const STAGES = ['planned', 'arrived', 'spent', 'accepted'] as const

/** What is carried out here and with whose money, for everybody; as a file too. */
export function ProjectsOfPlace({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  const query = useQuery(publicProjectsQuery(area.code))
  const count = query.data?.count ?? 0
  return (
    <Panel
      title={t('relations.projects_title')}
      note={t('relations.projects_note')}
      aside={
        count > 0 && (
          <a href={`${publicProjectsAddress(area.code)}?export=csv`} download>
            {t('relations.projects_file')}
          </a>
        )
      }
    >
      <QueryView
        query={query}
        isEmpty={data => data.count === 0}
        empty={<Empty compact title={t('relations.projects_none')} />}
      >
        {data => (
          <>
            <ul className={classes.projects}>
              {data.results.map(one => (
                <li key={one.id}>
                  <Link to={`/needs/${one.need}`}>{one.title}</Link> <Tag>{t(`projects.status.${one.status}`)}</Tag>
                  <p className={classes.small}>
                    {one.place} · {one.helper} · {one.start_date} – {one.end_date}
                  </p>
                  <p className={classes.small}>
                    {STAGES.map(stage => (
                      <span key={stage} className={classes.stage}>
                        {t(`projects.columns.${stage}`)} <Wan yuan={one[stage]} />
                      </span>
                    ))}
                  </p>
                </li>
              ))}
            </ul>
            {count > data.results.length && (
              <p className={classes.small}>{t('relations.projects_more', { count: count - data.results.length })}</p>
            )}
          </>
        )}
      </QueryView>
    </Panel>
  )
}

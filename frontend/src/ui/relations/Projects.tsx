import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { type Of, projectsOfQuery } from '@/api/projects'
import type { Project } from '@/api/types'
import { StageFigures, Wan } from '@/ui/facts/Facts'
import { Tag } from '@/ui/facts/Tag'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import classes from './Relations.module.css'

type Props = { of: Of; title: string; aside?: (projects: Project[]) => ReactNode; empty: ReactNode }

/** What is carried out for a need, or under a pairing; `aside` is what one may do beside what is there. */
export function Projects({ of, title, aside, empty }: Props) {
  const query = useQuery(projectsOfQuery(of))
  return (
    <Panel title={title} aside={query.data && aside?.(query.data)}>
      <QueryView query={query} isEmpty={rows => rows.length === 0} empty={empty}>
        {rows => (
          <ul>
            {rows.map(project => (
              <li key={project.id} className={classes.project}>
                <Line project={project} />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  )
}

function Line({ project }: { project: Project }) {
  const { t } = useTranslation()
  const stages = ['planned', 'arrived', 'spent', 'accepted'] as const
  return (
    <>
      <span className={classes.marks}>
        <Link to={`/projects/${project.id}`}>{project.need.title}</Link>
        <Tag>{t(`projects.status.${project.status}`)}</Tag>
        {project.late > 0 && <Tag tone="danger">{t('projects.late_count', { count: project.late })}</Tag>}
      </span>
      <StageFigures>
        {stages.map(stage => (
          <div key={stage}>
            <dt>{t(`projects.columns.${stage}`)}</dt>
            <dd>
              <Wan yuan={project[stage]} />
            </dd>
          </div>
        ))}
      </StageFigures>
    </>
  )
}

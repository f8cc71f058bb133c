import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { ProjectDetail } from '@/api/types'
import { formatCount, formatDate, formatMeasure, formatTime } from '@/lib/format'
import { Facts, Wan } from '@/ui/facts/Facts'
import { History } from '@/ui/facts/History'
import { Tag } from '@/ui/facts/Tag'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { MissingMessage } from '@/ui/state/States'
import { Answer } from './Answer'
import { AssetOfProject } from './AssetOfProject'
import { Milestones } from './Milestones'
import { Money } from './Money'
import { Axes, ProjectStatusTag } from './ProjectStatusTag'
import classes from './Projects.module.css'
import { projectQuery } from './queries'
import { Result } from './Result'
import { Steps } from './Steps'

export default function ProjectPage() {
  const { t } = useTranslation()
  const id = Number(useParams().id)
  const query = useQuery({ ...projectQuery(id), enabled: Number.isInteger(id) })
  const project = query.data
  return (
    <Page
      title={project?.need.title ?? t('projects.title')}
      lead={project && `${project.helper.name} → ${project.recipient.full_name}`}
      crumbs={[{ to: '/projects', label: t('projects.title') }]}
      marks={
        project && (
          <>
            <ProjectStatusTag status={project.status} />
            <Axes need={project.need} />
            {project.need.is_demo && <Tag>{t('common.demo')}</Tag>}
          </>
        )
      }
    >
      {Number.isInteger(id) ? (
        <QueryView query={query} fill>
          {found => <Body project={found} />}
        </QueryView>
      ) : (
        <MissingMessage fill />
      )}
    </Page>
  )
}

function Body({ project }: { project: ProjectDetail }) {
  const begun = project.status !== 'PROPOSED' && project.status !== 'DECLINED'
  return (
    <>
      {project.my_steps.includes('CONSENT') && <Answer project={project} />}
      <Steps project={project} />
      <div className={classes.columns}>
        <div className={classes.column}>
          {project.assets.length > 0 && <AssetOfProject project={project} />}
          <Milestones project={project} />
          {begun && <Money project={project} />}
          <Result project={project} />
          <About project={project} />
        </div>
        <div className={classes.column}>
          <Consents project={project} />
          <Plan project={project} />
          <Told project={project} />
        </div>
      </div>
    </>
  )
}

function Consents({ project }: { project: ProjectDetail }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('projects.consents')}>
      {(['HELPER', 'RECIPIENT'] as const).map(side => {
        const consent = project.consents.find(one => one.side === side)
        const name = side === 'HELPER' ? project.helper.name : project.recipient.full_name
        return (
          <div key={side} className={classes.consent}>
            <h3>
              {t(`common.side.${side}`)} · {name}
            </h3>
            {consent ? (
              <p>
                <Tag tone="ok">{t('projects.steps.CONSENT')}</Tag>{' '}
                {t('projects.consented_by', { by: consent.by, at: formatTime(consent.at) })}
              </p>
            ) : (
              <Tag>{t('projects.not_yet')}</Tag>
            )}
          </div>
        )
      })}
    </Panel>
  )
}

function Plan({ project }: { project: ProjectDetail }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('projects.plan')}>
      <ul>
        {project.sources.map(source => (
          <li key={source.id} className={classes.source}>
            {source.commitment ? (
              <Link to={`/commitments/${source.commitment}`}>{source.title}</Link>
            ) : (
              <span>{t('projects.own_money')}</span>
            )}
            <Wan yuan={source.planned_yuan} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function About({ project }: { project: ProjectDetail }) {
  const { t } = useTranslation()
  const { need } = project
  const more: [string, React.ReactNode][] = []
  if (project.participation) more.push([t('projects.fields.participation'), project.participation])
  if (project.started_date) more.push([t('projects.fields.started'), formatDate(project.started_date)])
  if (project.end_reason) more.push([t('projects.fields.reason'), project.end_reason])
  return (
    <Panel title={t('projects.about')}>
      <Facts
        columns={2}
        items={[
          [
            t('projects.fields.need'),
            <Link key="need" to={`/needs/${need.id}`}>
              {need.title}
            </Link>,
          ],
          [t('projects.fields.place'), need.place],
          [
            t('projects.fields.pairing'),
            <Link key="pairing" to={`/pairings/${project.pairing}`}>
              {project.helper.name} → {project.recipient.full_name}
            </Link>,
          ],
          [t('projects.fields.construction'), t(`projects.construction.${project.construction_type}`)],
          [t('projects.fields.unit'), project.responsible_unit],
          [t('projects.fields.schedule'), t('projects.period', { from: project.start_date, to: project.end_date })],
          [t('projects.fields.quantity'), `${formatMeasure(need.quantity)} ${need.unit}`],
          [t('projects.fields.benefit'), t(`needs.benefit.${need.benefit_link}`)],
          [
            t('projects.fields.beneficiaries'),
            need.beneficiaries === null
              ? undefined
              : t('projects.result.people', { people: formatCount(need.beneficiaries ?? 0) }),
          ],
          ...more,
          [t('projects.fields.proposed_by'), project.proposed_by],
        ]}
      />
    </Panel>
  )
}

/** Told whole by their verbs; the fields that a step fills are on the page itself. */
const TOLD_BY_VERB = [
  'started_date',
  'result_quantity',
  'result_beneficiaries',
  'result_note',
  'reported_by',
  'accepted_by',
  'completed_date',
  'end_reason',
  'proposed_by',
] // prettier-ignore

function Told({ project }: { project: ProjectDetail }) {
  const { t, i18n } = useTranslation()
  return (
    <History
      type="projects.project"
      id={project.id}
      verb={({ verb }) =>
        i18n.exists(`projects.verbs.${verb}`) ? t(`projects.verbs.${verb as 'proposed'}`) : undefined
      }
      hide={TOLD_BY_VERB}
    />
  )
}

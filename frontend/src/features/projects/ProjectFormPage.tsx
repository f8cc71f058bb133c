import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { useUser } from '@/api/session'
import type { Pairing, ProjectDetail } from '@/api/types'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty, ForbiddenMessage } from '@/ui/state/States'
import { ProjectForm } from './ProjectForm'
import { openNeedsQuery, openPairingsQuery, projectQuery } from './queries'

/** Propose a project from a need, or word a proposal anew. */
export default function ProjectFormPage() {
  const { t } = useTranslation()
  const user = useUser()
  const { id } = useParams()
  return (
    <Page
      title={t(id ? 'projects.form.title_change' : 'projects.form.title')}
      lead={t('projects.form.lead')}
      width="narrow"
      crumbs={[{ to: '/projects', label: t('projects.title') }]}
    >
      {user.role !== 'RECIPIENT' ? (
        <ForbiddenMessage why={t('projects.new_why')} fill />
      ) : (
        <Panel>{id ? <Changing id={Number(id)} /> : <Proposing />}</Panel>
      )}
    </Page>
  )
}

function Proposing() {
  const { t } = useTranslation()
  const query = useQuery(openPairingsQuery)
  return (
    <QueryView
      query={query}
      isEmpty={pairings => pairings.length === 0}
      empty={
        <Empty
          title={t('projects.form.pairing_none')}
          action={<Link to="/pairings">{t('projects.form.to_pairings')}</Link>}
        />
      }
    >
      {pairings => <FromNeed pairings={pairings} />}
    </QueryView>
  )
}

const COUNTY_DIGITS = 6

/** Whether a place lies in another, by their codes: 130800 holds 130826, which holds 130826100 and 130826100201. */
function holds(around: string, code: string): boolean {
  return code.startsWith(around.length === COUNTY_DIGITS ? around.replace(/(00)+$/, '') : around)
}

function FromNeed({ pairings }: { pairings: Pairing[] }) {
  const { t } = useTranslation()
  const [params] = useSearchParams()
  // The county's own needs and those of its villages, whichever of them the first pairing helps.
  const query = useQuery(openNeedsQuery(pairings[0]?.recipient.code.slice(0, COUNTY_DIGITS) ?? ''))
  return (
    <QueryView
      query={query}
      isEmpty={needs => needs.length === 0}
      empty={
        <Empty title={t('projects.form.need_none')} action={<Link to="/needs">{t('projects.form.to_needs')}</Link>}>
          {t('projects.form.need_none_next')}
        </Empty>
      }
    >
      {needs => {
        const need = needs.find(one => String(one.id) === params.get('need'))
        return (
          <ProjectForm
            pairings={need ? pairings.filter(one => holds(one.recipient.code, need.area.code)) : pairings}
            needs={needs}
            need={need}
            pairing={pairings.find(one => String(one.id) === params.get('pairing'))}
          />
        )
      }}
    </QueryView>
  )
}

function Changing({ id }: { id: number }) {
  const { t } = useTranslation()
  const query = useQuery(projectQuery(id))
  const shown = (project: ProjectDetail) =>
    project.my_steps.includes('CHANGE') ? (
      <ProjectForm pairings={[]} needs={[]} project={project} />
    ) : (
      <ForbiddenMessage why={t('projects.form.not_open')} />
    )
  return <QueryView query={query}>{shown}</QueryView>
}

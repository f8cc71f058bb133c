import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { projectsOfQuery } from '@/api/projects'
import { useSession } from '@/api/session'
import type { Need } from '@/api/types'
import { formatCount, formatDate, formatTime } from '@/lib/format'
import { formatWan } from '@/lib/money'
import { Facts, Wan } from '@/ui/facts/Facts'
import { History } from '@/ui/facts/History'
import { Tag } from '@/ui/facts/Tag'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { Projects } from '@/ui/relations/Projects'
import { QueryView } from '@/ui/state/QueryView'
import { MissingMessage } from '@/ui/state/States'
import { quantityOf } from './NeedListPage'
import { NeedStatusTag } from './NeedStatusTag'
import classes from './Needs.module.css'
import { needQuery } from './queries'
import { Steps } from './Steps'

export default function NeedPage() {
  const { t } = useTranslation()
  const id = Number(useParams().id)
  const query = useQuery({ ...needQuery(id), enabled: Number.isInteger(id) })
  const need = query.data
  return (
    <Page
      title={need?.title ?? t('needs.title')}
      crumbs={[{ to: '/needs', label: t('needs.title') }]}
      marks={
        need && (
          <>
            <NeedStatusTag need={need} />
            {need.is_demo && <Tag>{t('common.demo')}</Tag>}
          </>
        )
      }
    >
      {Number.isInteger(id) ? (
        <QueryView query={query} fill>
          {found => <Body need={found} />}
        </QueryView>
      ) : (
        <MissingMessage fill />
      )}
    </Page>
  )
}

function Body({ need }: { need: Need }) {
  const { user } = useSession()
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <Content need={need} />
      </div>
      <div className={classes.column}>
        {user?.role === 'RECIPIENT' && <Steps need={need} />}
        {user?.role === 'PARTNER' && need.status === 'PUBLISHED' && <Answer need={need} />}
        {user && <ProjectsOfNeed need={need} county={user.role === 'RECIPIENT'} />}
        {user && <NeedHistory need={need} />}
      </div>
    </div>
  )
}

/** What is carried out for the need, and its county's way to begin; nothing for those whom neither concerns. */
function ProjectsOfNeed({ need, county }: { need: Need; county: boolean }) {
  const { t } = useTranslation()
  const rows = useQuery(projectsOfQuery({ need: need.id })).data ?? []
  const live = rows.some(one => one.status !== 'DECLINED' && one.status !== 'STOPPED')
  const open = county && need.status === 'PUBLISHED' && !live
  if (rows.length === 0 && !open) return null
  const begin = <Link to={`/projects/new?need=${need.id}`}>{t('projects.new')}</Link>
  return (
    <Projects
      of={{ need: need.id }}
      title={t('projects.of_need')}
      aside={open ? () => begin : undefined}
      empty={<p className={classes.small}>{t('projects.empty_county')}</p>}
    />
  )
}

/** A helper's way from the need to a promise. */
function Answer({ need }: { need: Need }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('needs.answer')}>
      <p className={classes.detail}>{t('needs.answer_lead')}</p>
      <p className={classes.detail}>
        <Link to={`/commitments/new?need=${need.id}&county=${need.area.code.slice(0, 6)}`}>
          {t('needs.answer_action')}
        </Link>
      </p>
    </Panel>
  )
}

function Content({ need }: { need: Need }) {
  const { t } = useTranslation()
  const county = need.area.code.slice(0, 6)
  const people = need.beneficiaries
  return (
    <Panel title={t('needs.about')}>
      <p className={classes.target}>
        {t('needs.fields.target')}：{need.performance_target}
      </p>
      <Facts
        columns={2}
        items={[
          [
            t('needs.fields.area'),
            <Link key="area" to={`/counties/${county}`}>
              {need.area.full_name}
            </Link>,
          ],
          [t('needs.fields.category'), t(`needs.category.${need.category}`)],
          [t('needs.fields.quantity'), quantityOf(need)],
          [t('needs.fields.cost'), need.cost_yuan ? <Wan key="cost" yuan={need.cost_yuan} /> : undefined],
          [t('needs.fields.promised'), <Wan key="promised" yuan={need.promised_yuan} />],
          [t('needs.fields.gap'), need.gap_yuan === null ? undefined : <Wan key="gap" yuan={need.gap_yuan} />],
          [t('needs.fields.deadline'), formatDate(need.deadline_date)],
          [t('needs.fields.benefit'), t(`needs.benefit.${need.benefit_link}`)],
          [
            t('needs.fields.beneficiaries'),
            people === null || people === undefined ? undefined : t('needs.people', { people: formatCount(people) }),
          ],
          [
            t('needs.fields.causes'),
            need.causes?.length ? need.causes.map(cause => t(`needs.cause.${cause}`)).join('、') : undefined,
          ],
          need.published_at
            ? [t('needs.fields.published'), formatTime(need.published_at)]
            : [t('needs.fields.proposed'), formatTime(need.created_at)],
        ]}
      />
      {need.detail && <p className={classes.detail}>{need.detail}</p>}
    </Panel>
  )
}

/** The names of fields as the record of a change has them. */
const FIELDS = {
  title: 'title',
  detail: 'detail',
  category: 'category',
  causes: 'causes',
  quantity: 'quantity',
  unit: 'unit',
  cost_yuan: 'cost',
  deadline_date: 'deadline',
  performance_target: 'target',
  benefit_link: 'benefit',
  beneficiaries: 'beneficiaries',
} as const

// Steps are told by their verbs, and each entry names its actor.
const TOLD_BY_VERB = ['proposed_by', 'reviewed_by', 'approved_by', 'published_at']

function NeedHistory({ need }: { need: Need }) {
  const { t, i18n } = useTranslation()
  const value = (field: string, raw: unknown): string | undefined => {
    if (field === 'category') return t(`needs.category.${raw as Need['category']}`)
    if (field === 'benefit_link') return t(`needs.benefit.${raw as Need['benefit_link']}`)
    if (field === 'causes') return (raw as NonNullable<Need['causes']>).map(one => t(`needs.cause.${one}`)).join('、')
    if (field === 'cost_yuan') return `${formatWan(String(raw))} ${t('common.wan')}`
    if (field === 'beneficiaries') return formatCount(Number(raw))
    return undefined
  }
  return (
    <History
      type="needs.need"
      id={need.id}
      verb={({ verb }) => (i18n.exists(`needs.verbs.${verb}`) ? t(`needs.verbs.${verb as 'moved'}`) : undefined)}
      field={name => (name in FIELDS ? t(`needs.fields.${FIELDS[name as keyof typeof FIELDS]}`) : undefined)}
      value={value}
      hide={TOLD_BY_VERB}
    />
  )
}

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useUser } from '@/api/session'
import type { Project } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { Wan } from '@/ui/facts/Facts'
import { Tag } from '@/ui/facts/Tag'
import { ActionButton } from '@/ui/form/ActionButton'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { PagedList } from '@/ui/table/PagedList'
import { ProjectStatusTag } from './ProjectStatusTag'
import classes from './Projects.module.css'
import { CATEGORIES, LEVELS, PAGE_SIZE, projectsAddress, projectsQuery, STATUSES } from './queries'

const STAGES = ['planned', 'arrived', 'spent', 'accepted'] as const

export default function ProjectListPage() {
  const { t } = useTranslation()
  const user = useUser()
  const navigate = useNavigate()
  const filters = useFilters()
  const ordering = filters.chosen('ordering')
  const [status, category, level, late, search] = (['status', 'category', 'level', 'late', 'search'] as const).map(
    filters.chosen,
  )
  const asked = { status, category, level, late, search, ordering, page: filters.page }
  const query = useQuery(projectsQuery(asked))
  const county = user.role === 'RECIPIENT'
  const columns: Column<Project>[] = [
    { key: 'title', title: t('projects.columns.title'), render: one => <Title project={one} /> },
    { key: 'status', title: t('projects.columns.status'), render: one => <ProjectStatusTag status={one.status} /> },
    ...STAGES.map(
      (stage): Column<Project> => ({
        key: stage,
        title: t(`projects.columns.${stage}`),
        align: 'right',
        order: stage === 'accepted' ? undefined : stage,
        minor: stage === 'spent' || stage === 'accepted',
        render: one => <Wan yuan={one[stage]} />,
      }),
    ),
    { key: 'milestones', title: t('projects.columns.milestones'), render: one => <Milestones project={one} /> },
    {
      key: 'completion',
      title: t('projects.columns.completion'),
      align: 'right',
      render: one => (one.completion_percent === null ? '' : `${Number(one.completion_percent)}%`),
    },
  ]
  const propose = (
    <ActionButton type="primary" why={!county && t('projects.new_why')} onClick={() => void navigate('/projects/new')}>
      {t('projects.new')}
    </ActionButton>
  )
  return (
    <Page
      title={t('projects.title')}
      lead={t('projects.lead')}
      actions={
        <>
          <Button onClick={() => void navigate('/assets')}>{t('projects.to_assets')}</Button>
          {propose}
        </>
      }
    >
      <FilterBar filters={filters}>
        <Choice
          label={t('projects.filters.status')}
          value={filters.get('status')}
          options={STATUSES.map(value => ({ value, label: t(`projects.status.${value}`) }))}
          onChange={value => filters.set({ status: value })}
        />
        <Choice
          label={t('projects.filters.category')}
          value={filters.get('category')}
          options={CATEGORIES.map(value => ({ value, label: t(`needs.category.${value}`) }))}
          onChange={value => filters.set({ category: value })}
        />
        <Choice
          label={t('projects.filters.level')}
          value={filters.get('level')}
          options={LEVELS.map(value => ({ value, label: t(`common.level.${value}`) }))}
          onChange={value => filters.set({ level: value })}
        />
        <Choice
          label={t('projects.filters.late')}
          value={filters.get('late')}
          options={[
            { value: 'true', label: t('projects.filters.late_yes') },
            { value: 'false', label: t('projects.filters.late_no') },
          ]}
          onChange={value => filters.set({ late: value })}
        />
        <SearchField
          label={t('projects.filters.search')}
          value={filters.get('search')}
          onChange={value => filters.set({ search: value })}
        />
      </FilterBar>
      <PagedList
        query={query}
        filters={filters}
        pageSize={PAGE_SIZE}
        address={projectsAddress(asked)}
        empty={
          filters.active ? (
            <Empty
              title={t('projects.empty_filtered')}
              action={<Button onClick={filters.clear}>{t('common.clear')}</Button>}
            />
          ) : (
            <Empty title={t('projects.empty')} action={<Link to="/needs">{t('projects.form.to_needs')}</Link>}>
              {t(county ? 'projects.empty_county' : 'projects.empty_other')}
            </Empty>
          )
        }
      >
        {list => (
          <DataTable
            caption={t('projects.caption')}
            {...list}
            columns={columns}
            rowKey={one => one.id}
            ordering={ordering}
            card={one => (
              <div className={classes.card}>
                <Title project={one} />
                <span className={classes.marks}>
                  <ProjectStatusTag status={one.status} />
                  <Milestones project={one} />
                </span>
                <span className={classes.small}>
                  {t('projects.columns.planned')} <Wan yuan={one.planned} /> · {t('projects.columns.spent')}{' '}
                  <Wan yuan={one.spent} />
                </span>
              </div>
            )}
          />
        )}
      </PagedList>
    </Page>
  )
}

function Title({ project }: { project: Project }) {
  return (
    <div>
      <Link to={`/projects/${project.id}`}>{project.need.title}</Link>
      <div className={classes.small}>
        {project.need.place} · {project.helper.name}
      </div>
    </div>
  )
}

function Milestones({ project }: { project: Project }) {
  const { t } = useTranslation()
  return (
    <span className={classes.marks}>
      {t('projects.reached_of', { reached: project.reached, count: project.milestone_count })}
      {project.late > 0 && <Tag tone="danger">{t('projects.late_count', { count: project.late })}</Tag>}
    </span>
  )
}

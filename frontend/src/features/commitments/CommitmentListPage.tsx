import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useUser } from '@/api/session'
import type { Commitment } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { Wan } from '@/ui/facts/Facts'
import { ActionButton } from '@/ui/form/ActionButton'
import { Choice, FilterBar } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { Pager } from '@/ui/table/Pager'
import classes from './Commitments.module.css'
import { commitmentsAddress, commitmentsQuery, PAGE_SIZE } from './queries'

const STAGES = ['agreed', 'arrived', 'confirmed', 'spent', 'accepted'] as const
const YEARS = ['2020', '2019', '2018', '2017', '2016']

export default function CommitmentListPage() {
  const { t } = useTranslation()
  const user = useUser()
  const navigate = useNavigate()
  const filters = useFilters()
  const ordering = filters.chosen('ordering')
  const asked = { ordering, page: filters.page, year: Number(filters.get('year')) || undefined }
  const query = useQuery(commitmentsQuery(asked))
  const helper = user.role === 'PARTNER'
  const columns: Column<Commitment>[] = [
    { key: 'title', title: t('commitments.columns.title'), render: one => <Title commitment={one} /> },
    { key: 'year', title: t('commitments.columns.year'), order: 'year', render: one => one.year },
    ...STAGES.map(
      (stage): Column<Commitment> => ({
        key: stage,
        title: t(`commitments.columns.${stage}`),
        align: 'right',
        order: stage === 'agreed' ? 'amount_yuan' : undefined,
        minor: stage === 'spent' || stage === 'accepted',
        render: one => <Wan yuan={one[stage]} />,
      }),
    ),
  ]
  const register = (
    <ActionButton
      type="primary"
      why={!helper && t('pairings.register_why_side')}
      onClick={() => void navigate('/commitments/new')}
    >
      {t('commitments.new')}
    </ActionButton>
  )
  return (
    <Page title={t('commitments.title')} lead={t('commitments.lead')} actions={register}>
      <FilterBar filters={filters}>
        <Choice
          label={t('commitments.filters.year')}
          value={filters.get('year')}
          options={YEARS.map(value => ({ value, label: value }))}
          onChange={year => filters.set({ year })}
        />
      </FilterBar>
      <Panel flush>
        <QueryView
          query={query}
          isEmpty={data => data.count === 0}
          empty={
            filters.active ? (
              <Empty title={t('commitments.empty_filtered')} />
            ) : (
              <Empty title={t('commitments.empty')} action={<Link to="/pairings">{t('shell.nav.pairings')}</Link>}>
                {t(helper ? 'commitments.empty_helper' : 'commitments.empty_other')}
              </Empty>
            )
          }
        >
          {data => (
            <DataTable
              caption={t('commitments.caption')}
              rows={data.results}
              columns={columns}
              rowKey={one => one.id}
              ordering={ordering}
              onOrder={order => filters.set({ ordering: order })}
              card={one => (
                <div className={classes.card}>
                  <Title commitment={one} />
                  <Stages commitment={one} />
                </div>
              )}
              footer={
                <Pager
                  count={data.count}
                  page={filters.page}
                  pageSize={PAGE_SIZE}
                  onPage={page => filters.set({ page })}
                  address={commitmentsAddress(asked)}
                />
              }
            />
          )}
        </QueryView>
      </Panel>
    </Page>
  )
}

function Title({ commitment }: { commitment: Commitment }) {
  return (
    <div>
      <Link to={`/commitments/${commitment.id}`}>{commitment.title}</Link>
      <div className={classes.small}>
        {commitment.helper.name} → {commitment.recipient.full_name}
      </div>
    </div>
  )
}

function Stages({ commitment }: { commitment: Commitment }) {
  const { t } = useTranslation()
  return (
    <dl className={classes.stages}>
      {STAGES.map(stage => (
        <div key={stage}>
          <dt>{t(`commitments.columns.${stage}`)}</dt>
          <dd>
            <Wan yuan={commitment[stage]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

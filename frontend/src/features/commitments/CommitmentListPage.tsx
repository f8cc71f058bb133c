import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useUser } from '@/api/session'
import type { Commitment } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { Amount } from '@/ui/facts/Amount'
import { StageFigures } from '@/ui/facts/Facts'
import { ActionButton } from '@/ui/form/ActionButton'
import { Choice, FilterBar } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { PagedList } from '@/ui/table/PagedList'
import classes from './Commitments.module.css'
import { commitmentsAddress, commitmentsQuery, KINDS, PAGE_SIZE, YEARS } from './queries'

const BY_TABLE: string[] = ['PARTNER', 'CENTRAL_UNIT', 'COMPANY']
const STAGES = ['agreed', 'arrived', 'confirmed', 'spent', 'accepted'] as const

export default function CommitmentListPage() {
  const { t } = useTranslation()
  const user = useUser()
  const navigate = useNavigate()
  const filters = useFilters()
  const ordering = filters.chosen('ordering')
  const kind = filters.get('kind')
  const asked = {
    ordering,
    page: filters.page,
    year: Number(filters.get('year')) || undefined,
    kind: KINDS.filter(one => one === kind),
  }
  const query = useQuery(commitmentsQuery(asked))
  const helper = user.party !== null && user.role !== 'RECIPIENT'
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
        render: one => <Stage commitment={one} stage={stage} />,
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
    <Page
      title={t('commitments.title')}
      lead={t('commitments.lead')}
      actions={
        <>
          <Button onClick={() => void navigate('/commitments/differences')}>{t('commitments.differences.link')}</Button>
          <Button onClick={() => void navigate('/commitments/year')}>{t('commitments.year.link')}</Button>
          {helper && <Button onClick={() => void navigate('/allocation')}>{t('projects.allocation.link')}</Button>}
          {BY_TABLE.includes(user.role) && (
            <Button onClick={() => void navigate('/imports?list=commitments')}>{t('exchange.entry')}</Button>
          )}
          {register}
        </>
      }
    >
      <FilterBar filters={filters}>
        <Choice
          label={t('commitments.filters.year')}
          value={filters.get('year')}
          options={YEARS.map(value => ({ value, label: value }))}
          onChange={year => filters.set({ year })}
        />
        <Choice
          label={t('commitments.filters.kind')}
          value={kind}
          options={KINDS.map(value => ({ value, label: t(`commitments.kind.${value}`) }))}
          onChange={kind => filters.set({ kind })}
        />
      </FilterBar>
      <PagedList
        query={query}
        filters={filters}
        pageSize={PAGE_SIZE}
        address={commitmentsAddress(asked)}
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
        {list => (
          <DataTable
            caption={t('commitments.caption')}
            {...list}
            columns={columns}
            rowKey={one => one.id}
            ordering={ordering}
            card={one => (
              <div className={classes.card}>
                <Title commitment={one} />
                <Stages commitment={one} />
              </div>
            )}
          />
        )}
      </PagedList>
    </Page>
  )
}

function Title({ commitment }: { commitment: Commitment }) {
  const { t } = useTranslation()
  return (
    <div>
      <Link to={`/commitments/${commitment.id}`}>{commitment.title}</Link>
      <div className={classes.small}>
        {t(`commitments.kind.${commitment.kind}`)} · {commitment.helper.name} → {commitment.recipient.full_name}
      </div>
    </div>
  )
}

/** Where no money flows, nothing is ever spent. */
function Stage({ commitment, stage }: { commitment: Commitment; stage: (typeof STAGES)[number] }) {
  if (stage === 'spent' && !commitment.flows) return '—'
  return <Amount unit={commitment.unit} value={commitment[stage]} />
}

function Stages({ commitment }: { commitment: Commitment }) {
  const { t } = useTranslation()
  return (
    <StageFigures>
      {STAGES.map(stage => (
        <div key={stage}>
          <dt>{t(`commitments.columns.${stage}`)}</dt>
          <dd>
            <Stage commitment={commitment} stage={stage} />
          </dd>
        </div>
      ))}
    </StageFigures>
  )
}

import { useQuery } from '@tanstack/react-query'
import { App, Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { provincesQuery } from '@/api/reference'
import { reviewQuery } from '@/api/review'
import { useUser } from '@/api/session'
import type { Suggestion } from '@/api/types'
import { type Filters, useFilters } from '@/lib/filters'
import { formatScore } from '@/lib/format'
import { NARROW, useMedia } from '@/lib/media'
import { TierTag } from '@/ui/facts/marks'
import { Tag } from '@/ui/facts/Tag'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Empty, useReason } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { type Listed, PagedList } from '@/ui/table/PagedList'
import { AssignDialog } from './AssignDialog'
import { Detail } from './Detail'
import classes from './FirmReview.module.css'
import { STANDINGS, standingOf } from './filtering'
import { PublishBar } from './PublishBar'
import { FIRM_PAGE_SIZE, suggestionPageQuery, suggestionsAddress, useDecide, type Verdict } from './queries'
import { RefuseDialog } from './RefuseDialog'
import { useWhyNot } from './ReviewDesk'
import { ASSIGNED, Assigned } from './ReviewFilters'
import { ScenarioBar } from './ScenarioBar'
import { SecondLookBar } from './SecondLookBar'
import { type Trials, useTrying } from './useTrying'

const NOTHING: ReadonlySet<number> = new Set()
const nameOf = (one: Suggestion) => `${one.helper.name} → ${one.recipient.name}`

/** Suggestions of firms and villages, of which there may be a hundred thousand: the server filters, orders and pages. */
export function FirmReview({ run }: { run: number }) {
  const { t } = useTranslation()
  const narrow = useMedia(NARROW)
  const filters = useFilters(['selected'])
  const standing = STANDINGS.find(one => one === filters.get('decision'))
  const chosen = filters.get('decision') === 'all' ? undefined : (standing ?? 'OPEN')
  const asked = {
    decision: chosen === 'LOCKED' ? undefined : chosen,
    state: chosen === 'LOCKED' ? chosen : undefined,
    tier: (['deep', 'poor'] as const).find(one => one === filters.get('tier')),
    province: filters.chosen('province'),
    helper_province: filters.chosen('helper_province'),
    assigned: ASSIGNED.find(one => one === filters.get('assigned')),
    search: filters.chosen('search'),
    ordering: filters.chosen('ordering'),
    page: filters.page,
  }
  const query = useQuery(suggestionPageQuery(run, asked))
  const waiting = useQuery(suggestionPageQuery(run, { decision: 'ACCEPTED', page: 1 })).data?.results ?? []
  const unconfirmed = useQuery(suggestionPageQuery(run, { decision: 'AWAITS_SECOND', page: 1 })).data?.results ?? []
  const state = useQuery(reviewQuery(run)).data
  const selected = query.data?.results.find(one => String(one.id) === filters.get('selected')) ?? null
  const trying = useTrying(run)
  const { scenario } = trying
  const detail = selected && (
    <Decide key={selected.id} run={run} suggestion={selected} filters={filters} trying={trying} />
  )
  return (
    <Page
      title={t('review.title')}
      lead={t('review.lead')}
      width="wide"
      crumbs={[
        { to: '/runs', label: t('runs.title') },
        { to: `/runs/${run}`, label: t('review.crumb', { id: run }) },
      ]}
    >
      <Filtering filters={filters} />
      <AssignAll run={run} asked={asked} count={chosen === 'OPEN' ? (query.data?.count ?? 0) : 0} />
      {scenario && scenario.changes.length + scenario.inherited.length > 0 && (
        <ScenarioBar run={run} scenario={scenario} busy={trying.pending} onTry={trying.send} />
      )}
      {state && (
        <SecondLookBar
          run={run}
          count={state.awaiting_second}
          waiting={unconfirmed}
          marked={NOTHING}
          onDone={() => undefined}
        />
      )}
      {state && <PublishBar run={run} state={state} accepted={waiting} marked={NOTHING} onDone={() => undefined} />}
      <div className={classes.desk}>
        <PagedList
          query={query}
          filters={filters}
          pageSize={FIRM_PAGE_SIZE}
          address={suggestionsAddress(run, asked)}
          empty={<Nothing filters={filters} />}
        >
          {list => <List {...list} filters={filters} selected={selected} />}
        </PagedList>
        {!narrow && (
          <div className={classes.side}>{detail ?? <p className={classes.hint}>{t('review.nothing_selected')}</p>}</div>
        )}
      </div>
      {narrow && (
        <Drawer
          open={selected !== null}
          onClose={() => filters.set({ selected: '' })}
          placement="bottom"
          size="88dvh"
          title={selected ? nameOf(selected) : t('review.detail')}
          styles={{ body: { padding: 0 } }}
        >
          {detail}
        </Drawer>
      )}
    </Page>
  )
}

type AssignProps = { run: number; asked: Parameters<typeof suggestionsAddress>[1]; count: number }

/** Give all open suggestions that the filters let through to somebody: by province, by tier, by name. */
function AssignAll({ run, asked, count }: AssignProps) {
  const { t } = useTranslation()
  const { role } = useUser()
  const [asking, setAsking] = useState(false)
  if (count === 0 || role !== 'COORDINATOR') return null
  const { page: _page, ordering: _order, ...filters } = asked
  const where = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >
  return (
    <div>
      <Button onClick={() => setAsking(true)}>{t('review.assign.listed', { count })}</Button>
      {asking && (
        <AssignDialog
          run={run}
          meant={{ where }}
          title={t('review.assign.ask', { count })}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  )
}

type DecideProps = { run: number; suggestion: Suggestion; filters: Filters; trying: Trials }

function Decide({ run, suggestion, filters, trying }: DecideProps) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const decide = useDecide(run)
  const [refusing, setRefusing] = useState(false)
  const send = (verdict: Verdict, words: string) =>
    decide.mutateAsync({ id: suggestion.id, verdict, reason: words }).then(
      () => {
        setRefusing(false)
        filters.set({ selected: '' })
        void message.success(
          t(verdict === 'ACCEPTED' ? 'review.accepted_toast' : 'review.refused_toast', { pair: nameOf(suggestion) }),
        )
      },
      error => void message.error(reason(error)),
    )
  return (
    <>
      <Detail
        run={run}
        suggestion={suggestion}
        blocked={useWhyNot()(suggestion)}
        pending={decide.isPending}
        comparedBeside={false}
        onAccept={() => void send('ACCEPTED', '')}
        onRefuse={() => setRefusing(true)}
        trying={trying.with(suggestion)}
        compares={false}
      />
      <RefuseDialog
        open={refusing}
        title={t('review.refuse_title')}
        pair={nameOf(suggestion)}
        pending={decide.isPending}
        error={decide.error && reason(decide.error)}
        onCancel={() => {
          setRefusing(false)
          decide.reset()
        }}
        onSubmit={words => void send('REFUSED', words)}
      />
    </>
  )
}

function Filtering({ filters }: { filters: Filters }) {
  const { t } = useTranslation()
  const provinces = (useQuery(provincesQuery).data ?? []).map(area => ({ value: area.code, label: area.name }))
  return (
    <FilterBar filters={filters}>
      <Choice
        label={t('review.filters.decision')}
        any={null}
        value={filters.get('decision') || 'OPEN'}
        options={[
          ...STANDINGS.map(value => ({ value: value as string, label: t(`review.filters.${value}`) })),
          { value: 'all', label: t('common.all') },
        ]}
        onChange={value => filters.set({ decision: value === 'OPEN' ? '' : value })}
      />
      <Choice
        label={t('review.filters.tier')}
        value={filters.get('tier')}
        options={(['deep', 'poor'] as const).map(value => ({ value, label: t(`common.tier.${value}`) }))}
        onChange={tier => filters.set({ tier })}
      />
      <Choice
        label={t('review.filters.province')}
        value={filters.get('province')}
        options={provinces}
        onChange={province => filters.set({ province })}
      />
      <Choice
        label={t('review.filters.helper_province')}
        value={filters.get('helper_province')}
        options={provinces}
        onChange={helper_province => filters.set({ helper_province })}
      />
      <Assigned filters={filters} />
      <SearchField
        label={t('review.filters.search')}
        value={filters.get('search')}
        onChange={search => filters.set({ search })}
      />
    </FilterBar>
  )
}

function Nothing({ filters }: { filters: Filters }) {
  const { t } = useTranslation()
  return (
    <Empty title={t('review.empty')} action={<Button onClick={filters.clear}>{t('common.clear')}</Button>}>
      {t('review.empty_next')}
    </Empty>
  )
}

type ListProps = Listed<Suggestion> & { filters: Filters; selected: Suggestion | null }

function List({ rows, onOrder, footer, filters, selected }: ListProps) {
  const { t } = useTranslation()
  const pair = (one: Suggestion) => (
    <button
      type="button"
      className={classes.pair}
      aria-pressed={one.id === selected?.id}
      onClick={() => filters.set({ selected: one.id })}
    >
      <span>{one.helper.name}</span>
      <span className={classes.to}>→ {one.recipient.full_name}</span>
    </button>
  )
  const columns: Column<Suggestion>[] = [
    { key: 'pair', title: t('review.columns.firm_pair'), render: pair },
    { key: 'tier', title: t('review.columns.tier'), render: one => <TierTag tier={one.tier} /> },
    {
      key: 'score',
      title: t('review.columns.score'),
      align: 'right',
      order: 'score',
      render: one => formatScore(one.score),
    },
    { key: 'decision', title: t('review.columns.decision'), render: one => <Standing one={one} /> },
  ]
  return (
    <DataTable
      caption={t('review.list_label')}
      rows={rows}
      columns={columns}
      rowKey={one => one.id}
      ordering={filters.chosen('ordering')}
      onOrder={onOrder}
      footer={footer}
      card={one => (
        <div className={classes.card}>
          {pair(one)}
          <span className={classes.marks}>
            <TierTag tier={one.tier} />
            <span>
              {t('review.columns.score')} {formatScore(one.score)}
            </span>
            <Standing one={one} />
          </span>
        </div>
      )}
    />
  )
}

function Standing({ one }: { one: Suggestion }) {
  const { t } = useTranslation()
  const standing = standingOf(one)
  if (standing === 'OPEN') return <>{t('review.filters.OPEN')}</>
  if (one.state === 'LOCKED') return <Tag>{t('review.locked')}</Tag>
  return <Tag tone={standing === 'REFUSED' ? 'danger' : 'ok'}>{t(`review.filters.${standing as 'ACCEPTED'}`)}</Tag>
}

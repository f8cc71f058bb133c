import { useQuery } from '@tanstack/react-query'
import { App, Drawer } from 'antd'
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { reviewQuery } from '@/api/review'
import { useUser } from '@/api/session'
import type { Suggestion } from '@/api/types'
import { NARROW, useMedia, WIDE } from '@/lib/media'
import { ChinaMap } from '@/ui/map/ChinaMap'
import { Legend } from '@/ui/map/Legend'
import { useReason } from '@/ui/state/States'
import { BulkBar } from './BulkBar'
import { Comparison } from './Comparison'
import { Detail } from './Detail'
import { arcOf, arcsUnder, canBeMarked, codesOf, regionsOf, standingOf } from './filtering'
import { PublishBar } from './PublishBar'
import { useDecide, type Verdict } from './queries'
import { RefuseDialog } from './RefuseDialog'
import classes from './Review.module.css'
import { ReviewFilters } from './ReviewFilters'
import { ScenarioBar } from './ScenarioBar'
import { SecondLookBar } from './SecondLookBar'
import { SuggestionTable } from './SuggestionTable'
import { useKeys, useReview } from './useReview'
import { type Tried, useTrying } from './useTrying'

export const pairName = (one: Suggestion): string =>
  `${one.helper.area?.name ?? one.helper.name} → ${one.recipient.name}`

/** Why this suggestion cannot be decided by this reader now; null when it can. */
export function useWhyNot(): (one: Suggestion | null) => string | null {
  const { t } = useTranslation()
  const { role } = useUser()
  return one => {
    if (role !== 'COORDINATOR') return t('review.role_why')
    if (!one) return t('review.nothing_selected')
    if (one.state === 'LOCKED') return t('review.locked_why')
    if (one.decision) {
      const { by, at, verdict } = one.decision
      return t('review.decided_why', { by, at: at.slice(0, 10), verdict: t(`review.verdict.${verdict}`) })
    }
    return null
  }
}

type Props = { run: number; suggestions: Suggestion[] }

/** List, map and detail of one review; on a narrow screen the detail opens over the list. */
export function ReviewDesk({ run, suggestions }: Props) {
  const { t } = useTranslation()
  const narrow = useMedia(NARROW)
  const wide = useMedia(WIDE)
  const reason = useReason()
  const { message } = App.useApp()
  const review = useReview(run, suggestions)
  const trying = useTrying(run)
  const state = useQuery(reviewQuery(run)).data
  const decide = useDecide(run)
  const whyNot = useWhyNot()
  const [marked, setMarked] = useState<ReadonlySet<number>>(new Set())
  const [refusing, setRefusing] = useState(false)
  const [detailOpen, setDetailOpen] = useState(false)
  const { selected, shown } = review
  const blocked = whyNot(selected)

  const verdict = (kind: Verdict, words: string) => {
    if (!selected) return
    const name = pairName(selected)
    const next = shown[shown.findIndex(one => one.id === selected.id) + 1]
    decide.mutate(
      { id: selected.id, verdict: kind, reason: words },
      {
        onSuccess: () => {
          setRefusing(false)
          void message.success(
            t(kind === 'ACCEPTED' ? 'review.accepted_toast' : 'review.refused_toast', { pair: name }),
          )
          review.select(next)
          setDetailOpen(false)
        },
        onError: error => !refusing && void message.error(reason(error)),
      },
    )
  }
  const toggle = useCallback((id: number) => {
    setMarked(previous => {
      const next = new Set(previous)
      if (!next.delete(id)) next.add(id)
      return next
    })
  }, [])
  const keys = {
    j: () => review.step(1),
    k: () => review.step(-1),
    a: () => !blocked && !decide.isPending && verdict('ACCEPTED', ''),
    r: () => !blocked && setRefusing(true),
    p: () => selected && trying.may && trying.toggle(codesOf(selected), 'PIN'),
    b: () => selected && trying.may && trying.toggle(codesOf(selected), 'BAN'),
    x: () => selected && canBeMarked(selected) && toggle(selected.id),
  }
  useKeys(keys, !refusing)

  const detail = selected && (
    <Detail
      run={run}
      suggestion={selected}
      blocked={blocked}
      pending={decide.isPending}
      comparedBeside={wide}
      onAccept={() => verdict('ACCEPTED', '')}
      onRefuse={() => setRefusing(true)}
      trying={trying.with(selected)}
    />
  )
  const chosen = useMemo(
    () => suggestions.filter(one => marked.has(one.id) && standingOf(one) === 'OPEN'),
    [suggestions, marked],
  )
  return (
    <>
      <ReviewFilters review={review} suggestions={suggestions} baseline={state?.baseline ?? null} />
      {trying.scenario && trying.scenario.changes.length + trying.scenario.inherited.length > 0 && (
        <ScenarioBar run={run} scenario={trying.scenario} busy={trying.pending} onTry={trying.send} />
      )}
      {state && (
        <SecondLookBar
          run={run}
          count={state.awaiting_second}
          waiting={suggestions.filter(one => standingOf(one) === 'AWAITS_SECOND')}
          marked={marked}
          onDone={() => setMarked(new Set())}
        />
      )}
      {state && (
        <PublishBar
          run={run}
          state={state}
          accepted={suggestions.filter(one => standingOf(one) === 'ACCEPTED')}
          marked={marked}
          onDone={() => setMarked(new Set())}
        />
      )}
      {chosen.length > 0 && <BulkBar run={run} chosen={chosen} onDone={() => setMarked(new Set())} />}
      <div className={`${classes.desk} ${wide ? classes.wide : ''}`}>
        <SuggestionTable
          review={review}
          tried={trying.tried}
          marked={marked}
          onToggle={toggle}
          onMarkAll={all => setMarked(all ? new Set(shown.filter(canBeMarked).map(one => one.id)) : new Set())}
          onOpen={one => {
            review.select(one)
            setDetailOpen(true)
          }}
        />
        <div className={classes.side}>
          <ReviewMap
            suggestions={suggestions}
            shown={shown}
            tried={trying.tried}
            selected={selected}
            onSelect={review.select}
          />
          {wide && selected && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
            <section className={classes.compareBox} aria-label={t('review.compare_tab')} tabIndex={0}>
              <h2>{t('review.compare_tab')}</h2>
              <Comparison suggestion={selected} />
            </section>
          )}
          {!narrow && !wide && detail}
        </div>
        {wide && <div className={classes.side}>{detail}</div>}
      </div>
      {narrow && (
        <Drawer
          open={detailOpen}
          onClose={() => setDetailOpen(false)}
          placement="bottom"
          size="88dvh"
          title={selected ? pairName(selected) : t('review.detail')}
          styles={{ body: { padding: 0 } }}
        >
          {detail}
        </Drawer>
      )}
      <RefuseDialog
        open={refusing}
        title={t('review.refuse_title')}
        pair={selected && pairName(selected)}
        pending={decide.isPending}
        error={decide.error && reason(decide.error)}
        onCancel={() => {
          setRefusing(false)
          decide.reset()
        }}
        onSubmit={words => verdict('REFUSED', words)}
      />
    </>
  )
}

type MapProps = {
  suggestions: Suggestion[]
  shown: Suggestion[]
  tried: Tried | null
  selected: Suggestion | null
  onSelect: (one: Suggestion | undefined) => void
}

function ReviewMap({ suggestions, shown, tried, selected, onSelect }: MapProps) {
  const { t } = useTranslation()
  const regions = useMemo(() => regionsOf(suggestions), [suggestions])
  const arcs = useMemo(() => arcsUnder(shown, tried), [shown, tried])
  const chosen = useMemo(() => selected && arcOf(selected), [selected]) // or the map is drawn anew at every press
  const helpersOf = (code: string): Suggestion[] => suggestions.filter(one => one.recipient.code === code)
  return (
    <div className={classes.map}>
      <ChinaMap
        label={t('review.map')}
        regions={regions}
        arcs={arcs}
        selected={chosen}
        describe={(code, name) => [name, ...helpersOf(code).map(one => one.helper.name)]}
        onSelect={code => onSelect(shown.find(one => one.recipient.code === code) ?? helpersOf(code)[0])}
      />
      <Legend />
    </div>
  )
}

import { Button } from 'antd'
import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Matched, Suggestion } from '@/api/types'
import { formatCount, formatScore } from '@/lib/format'
import { TierTag } from '@/ui/facts/marks'
import { Tag, type Tone } from '@/ui/facts/Tag'
import { Empty, Waiting } from '@/ui/state/States'
import { canBeMarked, codesOf, type Standing, standingOf } from './filtering'
import classes from './Review.module.css'
import { pairName } from './ReviewDesk'
import type { Review } from './useReview'
import { keyOf, type Tried } from './useTrying'

const TONES: Record<Standing, Tone> = {
  OPEN: 'info',
  AWAITS_SECOND: 'warn',
  ACCEPTED: 'warn',
  PUBLISHED: 'ok',
  REFUSED: 'danger',
  LOCKED: 'neutral',
}

type Props = {
  review: Review
  tried: Tried | null
  marked: ReadonlySet<number>
  onToggle: (id: number) => void
  onMarkAll: (all: boolean) => void
  onOpen: (suggestion: Suggestion) => void
}

/** The suggestions in the order of review. The row in view is the one that the keys act on. */
export function SuggestionTable({ review, tried, marked, onToggle, onMarkAll, onOpen }: Props) {
  const { t } = useTranslation()
  const { shown, selected } = review
  const frame = useRef<HTMLElement>(null)
  const selectedId = selected?.id
  useEffect(() => {
    const list = frame.current
    if (!list || list.scrollHeight <= list.clientHeight) return // on a phone the page scrolls, and only by hand
    list.querySelector(`[data-id="${selectedId}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [selectedId])
  const open = useRef(onOpen)
  open.current = onOpen
  const stableOpen = useRef((one: Suggestion) => open.current(one)).current
  if (review.searching) return <div className={classes.list}>{<Waiting />}</div>
  if (shown.length === 0) return <NothingShown review={review} />
  const free = shown.filter(canBeMarked)
  const all = free.length > 0 && free.every(one => marked.has(one.id))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
    <section ref={frame} className={classes.list} aria-label={t('review.list_label')} tabIndex={0}>
      <table className={classes.table}>
        <caption className="visually-hidden">{t('review.list_label')}</caption>
        <thead>
          <tr>
            <th scope="col" className={classes.check}>
              <input
                type="checkbox"
                aria-label={t('review.select_all')}
                checked={all}
                disabled={free.length === 0}
                onChange={event => onMarkAll(event.target.checked)}
              />
            </th>
            <th scope="col">{t('review.columns.pair')}</th>
            <th scope="col" className={classes.number}>
              {t('review.columns.score')}
            </th>
            <th scope="col" className={classes.number} title={t('review.columns.regret_note')}>
              {t('review.columns.regret')}
            </th>
            <th scope="col">{t('review.columns.decision')}</th>
          </tr>
        </thead>
        {tried && tried.added.length > 0 && <Coming pairs={tried.added} />}
        <tbody>
          {shown.map(one => (
            <Row
              key={one.id}
              suggestion={one}
              selected={one.id === selectedId}
              marked={marked.has(one.id)}
              change={changeOf(one, tried)}
              onToggle={onToggle}
              onOpen={stableOpen}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}

type RowProps = {
  suggestion: Suggestion
  selected: boolean
  marked: boolean
  change: 'removed' | 'pinned' | null
  onToggle: (id: number) => void
  onOpen: (suggestion: Suggestion) => void
}

const Row = memo(function Row({ suggestion, selected, marked, change, onToggle, onOpen }: RowProps) {
  const { t } = useTranslation()
  const standing = standingOf(suggestion)
  return (
    <tr data-id={suggestion.id} className={selected ? classes.selected : undefined}>
      <td className={classes.check}>
        {canBeMarked(suggestion) && (
          <input
            type="checkbox"
            aria-label={t('review.select', { pair: pairName(suggestion) })}
            checked={marked}
            onChange={() => onToggle(suggestion.id)}
          />
        )}
      </td>
      <td>
        <button
          type="button"
          className={classes.pair}
          aria-current={selected ? 'true' : undefined}
          onClick={() => onOpen(suggestion)}
        >
          <span className={classes.pairLine}>
            <span className={change === 'removed' ? classes.going : undefined}>{pairName(suggestion)}</span>{' '}
            <TierTag tier={suggestion.tier} />
            {suggestion.notes.length > 0 && <Tag>{t('review.notes_count', { count: suggestion.notes.length })}</Tag>}
            {suggestion.assignee && standing === 'OPEN' && (
              <Tag tone={suggestion.assigned_to_me ? 'info' : 'neutral'}>
                {t('review.assign.given', { name: suggestion.assignee })}
              </Tag>
            )}
            {suggestion.changed && <Tag tone="info">{t('review.changed')}</Tag>}
            {change && <Tag tone={change === 'removed' ? 'danger' : 'ok'}>{t(`review.scenario.${change}`)}</Tag>}
          </span>
          <span className={classes.places}>
            {suggestion.helper.area?.province} →{' '}
            {suggestion.recipient.full_name.slice(0, -suggestion.recipient.name.length)}
          </span>
        </button>
      </td>
      <td className={classes.number}>{formatScore(suggestion.score)}</td>
      <td className={classes.number}>
        <Regret suggestion={suggestion} />
      </td>
      <td>
        <Tag tone={TONES[standing]}>{t(`review.filters.${standing}`)}</Tag>
      </td>
    </tr>
  )
})

function changeOf(one: Suggestion, tried: Tried | null): RowProps['change'] {
  const key = keyOf(codesOf(one))
  if (tried?.removed.has(key)) return 'removed'
  return one.pinned || tried?.pinned.has(key) ? 'pinned' : null
}

/** What the total loses without the pair; a dash where nobody may ask, as for pairs in force. */
function Regret({ suggestion }: { suggestion: Suggestion }) {
  const { t } = useTranslation()
  if (suggestion.indispensable) return <>{t('review.columns.indispensable')}</>
  return <>{suggestion.regret === null ? '—' : formatCount(suggestion.regret)}</>
}

/** Pairs that would come under what is tried; they are no suggestions, so there is nothing to decide about them. */
function Coming({ pairs }: { pairs: readonly Matched[] }) {
  const { t } = useTranslation()
  return (
    <tbody className={classes.coming}>
      {pairs.map(pair => (
        <tr key={keyOf({ helper: pair.helper.code, recipient: pair.recipient.code })}>
          <td className={classes.check} />
          <td colSpan={3}>
            {pair.helper.name} → {pair.recipient.name}
          </td>
          <td>
            <Tag tone="ok">{t('review.scenario.added')}</Tag>
          </td>
        </tr>
      ))}
    </tbody>
  )
}

function NothingShown({ review }: { review: Review }) {
  const { t } = useTranslation()
  const done = review.standing === 'OPEN' && !review.filters.active
  return (
    <div className={classes.list}>
      <Empty
        title={t(done ? 'review.all_done' : 'review.empty')}
        action={
          done ? (
            <Button onClick={() => review.filters.set({ decision: 'all' })}>{t('common.all')}</Button>
          ) : (
            <Button onClick={review.filters.clear}>{t('common.clear')}</Button>
          )
        }
      >
        {t(done ? 'review.all_done_next' : 'review.empty_next')}
      </Empty>
    </div>
  )
}

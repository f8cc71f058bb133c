import { Button } from 'antd'
import { memo, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Suggestion } from '@/api/types'
import { formatScore } from '@/lib/format'
import { TierTag } from '@/ui/facts/marks'
import { Tag, type Tone } from '@/ui/facts/Tag'
import { Empty, Waiting } from '@/ui/state/States'
import { type Standing, standingOf } from './filtering'
import classes from './Review.module.css'
import { pairName } from './ReviewDesk'
import type { Review } from './useReview'

const TONES: Record<Standing, Tone> = { OPEN: 'info', ACCEPTED: 'ok', REFUSED: 'danger', LOCKED: 'neutral' }

type Props = {
  review: Review
  marked: ReadonlySet<number>
  onToggle: (id: number) => void
  onMarkAll: (all: boolean) => void
  onOpen: (suggestion: Suggestion) => void
}

/** The suggestions in the order of review. The row in view is the one that the keys act on. */
export function SuggestionTable({ review, marked, onToggle, onMarkAll, onOpen }: Props) {
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
  const openOnes = shown.filter(one => standingOf(one) === 'OPEN')
  const all = openOnes.length > 0 && openOnes.every(one => marked.has(one.id))
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
                disabled={openOnes.length === 0}
                onChange={event => onMarkAll(event.target.checked)}
              />
            </th>
            <th scope="col">{t('review.columns.pair')}</th>
            <th scope="col" className={classes.number}>
              {t('review.columns.score')}
            </th>
            <th scope="col">{t('review.columns.decision')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(one => (
            <Row
              key={one.id}
              suggestion={one}
              selected={one.id === selectedId}
              marked={marked.has(one.id)}
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
  onToggle: (id: number) => void
  onOpen: (suggestion: Suggestion) => void
}

const Row = memo(function Row({ suggestion, selected, marked, onToggle, onOpen }: RowProps) {
  const { t } = useTranslation()
  const standing = standingOf(suggestion)
  return (
    <tr data-id={suggestion.id} className={selected ? classes.selected : undefined}>
      <td className={classes.check}>
        {standing === 'OPEN' && (
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
            {pairName(suggestion)} <TierTag tier={suggestion.tier} />
          </span>
          <span className={classes.places}>
            {suggestion.helper.area?.province} →{' '}
            {suggestion.recipient.full_name.slice(0, -suggestion.recipient.name.length)}
          </span>
        </button>
      </td>
      <td className={classes.number}>{formatScore(suggestion.score)}</td>
      <td>
        <Tag tone={TONES[standing]}>{t(`review.filters.${standing}`)}</Tag>
      </td>
    </tr>
  )
})

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

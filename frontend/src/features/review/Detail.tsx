import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ScenarioVerb, Suggestion } from '@/api/types'
import { formatCount } from '@/lib/format'
import { TierTag } from '@/ui/facts/marks'
import { ReasonBars } from '@/ui/facts/ReasonBars'
import { Tag } from '@/ui/facts/Tag'
import { ActionButton } from '@/ui/form/ActionButton'
import { Segments } from '@/ui/form/Segments'
import { distanceKm } from '@/ui/map/projection'
import { Comparison } from './Comparison'
import { Consequences } from './Consequences'
import { arcOf } from './filtering'
import { Notes } from './Notes'
import classes from './Review.module.css'
import { History, Verdict } from './Verdict'
import type { PairCodes } from './whatIf'

type Props = {
  run: number
  suggestion: Suggestion
  blocked: string | null
  pending: boolean
  /** Whether both profiles stand beside already; otherwise they are a second tab here. */
  comparedBeside: boolean
  onAccept: () => void
  onRefuse: () => void
  /** What is tried with this pair; null while nobody may try. */
  trying: Trying | null
  /** Whether both sides have published figures to compare. */
  compares?: boolean
}

/** Pin and ban of a pair: what stands now, and how to change it. */
export type Trying = {
  verb: ScenarioVerb | null
  pending: boolean
  why: string | null
  toggle: (verb: 'PIN' | 'BAN') => void
  pin: (pair: PairCodes) => void
}

/** One suggestion: who, why, both sides, and the two buttons. */
export function Detail(props: Props) {
  const { run, suggestion, blocked, pending, comparedBeside, onAccept, onRefuse, trying, compares = true } = props
  const { t } = useTranslation()
  const [tab, setTab] = useState<'why' | 'else' | 'compare' | 'notes'>('why')
  const shown = comparedBeside && tab === 'compare' ? 'why' : tab
  return (
    <section className={classes.detail} aria-label={t('review.detail')}>
      <Heading suggestion={suggestion} />
      <div className={classes.actions}>
        <Verdict
          key={suggestion.id}
          run={run}
          suggestion={suggestion}
          blocked={blocked}
          pending={pending}
          onAccept={onAccept}
          onRefuse={onRefuse}
        />
        {trying && <TryButtons trying={trying} />}
        <Segments
          label={t('review.detail')}
          value={shown}
          options={[
            { value: 'why', label: t('review.why_tab') },
            { value: 'else', label: t('review.else_tab') },
            ...(comparedBeside || !compares ? [] : [{ value: 'compare' as const, label: t('review.compare_tab') }]),
            { value: 'notes', label: t('review.notes_count', { count: suggestion.notes.length }) },
          ]}
          onChange={setTab}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a section would be a landmark inside a landmark */}
      <div className={classes.body} role="group" aria-label={t(`review.${shown}_tab`)} tabIndex={0}>
        {shown === 'why' && <ReasonBars reasons={suggestion.reasons} score={suggestion.score} />}
        {shown === 'else' && (
          <Consequences run={run} suggestion={suggestion} onPin={trying?.pin} pinning={trying?.pending ?? false} />
        )}
        {shown === 'compare' && <Comparison suggestion={suggestion} />}
        {shown === 'notes' && <Notes key={suggestion.id} run={run} suggestion={suggestion} />}
      </div>
    </section>
  )
}

function TryButtons({ trying }: { trying: Trying }) {
  const { t } = useTranslation()
  return (
    <>
      {(['PIN', 'BAN'] as const).map(verb => (
        <ActionButton
          key={verb}
          why={trying.why}
          loading={trying.pending}
          aria-pressed={trying.verb === verb}
          onClick={() => trying.toggle(verb)}
        >
          {t(`review.scenario.${trying.verb === verb ? 'undo' : 'try'}.${verb}`)}
        </ActionButton>
      ))}
    </>
  )
}

function Heading({ suggestion }: { suggestion: Suggestion }) {
  const { t } = useTranslation()
  const { helper, recipient, pairing, assignee } = suggestion
  const arc = arcOf(suggestion)
  return (
    <div className={classes.heading}>
      <h2>
        {helper.kind !== 'GOVERNMENT' ? (
          <Link to={`/parties/${helper.id}`}>{helper.name}</Link>
        ) : helper.area ? (
          <Link to={`/counties/${helper.area.code}`}>{helper.area.full_name}</Link>
        ) : (
          helper.name
        )}
        <span aria-hidden="true"> → </span>
        {/* A village is shown on the page of its county. */}
        <Link to={`/counties/${recipient.code.slice(0, 6)}`}>{recipient.full_name}</Link>
      </h2>
      <p className={classes.headLine}>
        <TierTag tier={suggestion.tier} />
        {suggestion.state === 'LOCKED' && <Tag>{t('review.locked')}</Tag>}
        {suggestion.pinned && <Tag tone="ok">{t('review.scenario.pinned')}</Tag>}
        {assignee && <span>{t('review.assign.given', { name: assignee })}</span>}
        <RegretWords suggestion={suggestion} />
        {arc && <span>{t('review.distance', { km: formatCount(Math.round(distanceKm(arc.from, arc.to))) })}</span>}
        {pairing && <Link to={`/pairings/${pairing}`}>{t('review.to_pairing')}</Link>}
      </p>
      {suggestion.note && (
        <p className={classes.headLine}>
          {t('review.standing')}：{suggestion.note}
        </p>
      )}
      <History suggestion={suggestion} />
    </div>
  )
}

/** The price of a refusal, in plain words. */
function RegretWords({ suggestion }: { suggestion: Suggestion }) {
  const { t } = useTranslation()
  const { regret, indispensable } = suggestion
  if (indispensable) return <span>{t('review.regret.indispensable')}</span>
  if (regret == null) return null
  return (
    <span>{regret === 0 ? t('review.regret.none') : t('review.regret.some', { points: formatCount(regret) })}</span>
  )
}

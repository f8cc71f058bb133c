import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Suggestion } from '@/api/types'
import { formatCount, formatTime } from '@/lib/format'
import { TierTag } from '@/ui/facts/marks'
import { ReasonBars } from '@/ui/facts/ReasonBars'
import { Tag } from '@/ui/facts/Tag'
import { ActionButton } from '@/ui/form/ActionButton'
import { Segments } from '@/ui/form/Segments'
import { distanceKm } from '@/ui/map/projection'
import { Comparison } from './Comparison'
import { arcOf } from './filtering'
import classes from './Review.module.css'

type Props = {
  suggestion: Suggestion
  blocked: string | null
  pending: boolean
  /** Whether both profiles stand beside already; otherwise they are a second tab here. */
  comparedBeside: boolean
  onAccept: () => void
  onRefuse: () => void
}

/** One suggestion: who, why, both sides, and the two buttons. */
export function Detail({ suggestion, blocked, pending, comparedBeside, onAccept, onRefuse }: Props) {
  const { t } = useTranslation()
  const [tab, setTab] = useState<'why' | 'compare'>('why')
  return (
    <section className={classes.detail} aria-label={t('review.detail')}>
      <Heading suggestion={suggestion} />
      <div className={classes.actions}>
        <ActionButton type="primary" size="large" why={blocked} loading={pending} onClick={onAccept}>
          {t('review.accept')}
        </ActionButton>
        <ActionButton size="large" danger why={blocked} onClick={onRefuse}>
          {t('review.refuse')}
        </ActionButton>
        {!comparedBeside && (
          <Segments
            label={t('review.detail')}
            value={tab}
            options={[
              { value: 'why', label: t('review.why_tab') },
              { value: 'compare', label: t('review.compare_tab') },
            ]}
            onChange={setTab}
          />
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a section would be a landmark inside a landmark */}
      <div className={classes.body} role="group" aria-label={t('review.why_tab')} tabIndex={0}>
        {comparedBeside || tab === 'why' ? (
          <ReasonBars reasons={suggestion.reasons} score={suggestion.score} />
        ) : (
          <Comparison suggestion={suggestion} />
        )}
      </div>
    </section>
  )
}

function Heading({ suggestion }: { suggestion: Suggestion }) {
  const { t } = useTranslation()
  const { helper, recipient, decision, pairing } = suggestion
  const arc = arcOf(suggestion)
  return (
    <div className={classes.heading}>
      <h2>
        {helper.area ? <Link to={`/counties/${helper.area.code}`}>{helper.area.full_name}</Link> : helper.name}
        <span aria-hidden="true"> → </span>
        <Link to={`/counties/${recipient.code}`}>{recipient.full_name}</Link>
      </h2>
      <p className={classes.headLine}>
        <TierTag tier={suggestion.tier} />
        {suggestion.state === 'LOCKED' && <Tag>{t('review.locked')}</Tag>}
        {arc && <span>{t('review.distance', { km: formatCount(Math.round(distanceKm(arc.from, arc.to))) })}</span>}
        {pairing && <Link to={`/pairings/${pairing}`}>{t('review.to_pairing')}</Link>}
      </p>
      {suggestion.note && (
        <p className={classes.headLine}>
          {t('review.standing')}：{suggestion.note}
        </p>
      )}
      {decision && (
        <p className={classes.decision}>
          <Tag tone={decision.verdict === 'ACCEPTED' ? 'ok' : 'danger'}>{t(`review.verdict.${decision.verdict}`)}</Tag>{' '}
          {decision.by}，{formatTime(decision.at)}
          {decision.reason && `：${decision.reason}`}
        </p>
      )}
    </div>
  )
}

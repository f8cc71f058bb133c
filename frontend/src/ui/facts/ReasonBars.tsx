import { useTranslation } from 'react-i18next'
import type { ScoreReason } from '@/api/types'
import { formatScore } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import classes from './ReasonBars.module.css'

const FULL = 10_000

type Props = {
  reasons: readonly ScoreReason[]
  score: number
  /** Where the catalogue names them: counties and firms are scored by reasons of their own. */
  names?: 'reasons' | 'villages.reasons'
}

/**
 * Why a pair scores what it scores: each reason's points as a bar, its weight, and the sentence behind it. What a
 * reason adds to the score is points × weight, so the heavier reasons come first.
 */
export function ReasonBars({ reasons, score, names = 'reasons' }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const ordered = [...reasons].sort((a, b) => b.weight - a.weight)
  return (
    <div className={classes.reasons}>
      <p className={classes.score}>
        {t('review.score')} <strong>{formatScore(score)}</strong>
        <span> / 100</span>
      </p>
      <ul>
        {ordered.map(reason => (
          <li key={reason.code}>
            <div className={classes.line}>
              <span className={classes.name}>{t(`${names}.${reason.code as 'depth'}`)}</span>
              <span className={classes.weight}>{t('review.weight', { percent: reason.weight })}</span>
              <span className={classes.points}>
                {reason.missing ? t('review.neutral') : formatScore(reason.points)}
              </span>
            </div>
            <div className={classes.rail} aria-hidden="true">
              <div
                className={reason.missing ? classes.missing : classes.bar}
                style={{ width: `${(reason.points / FULL) * 100}%` }}
              />
            </div>
            <p className={classes.sentence}>{language === 'en' ? reason.en : reason.zh}</p>
          </li>
        ))}
      </ul>
    </div>
  )
}

import { useTranslation } from 'react-i18next'
import type { Workbench } from '@/api/types'
import { formatCount } from '@/lib/format'
import { Panel } from '@/ui/layout/Panel'
import classes from './WorkbenchPage.module.css'

/** Counties that have a helper on record, and those whose pair both sides confirmed: never one number. */
export function CoveragePanel({ data }: { data: Workbench }) {
  const { t } = useTranslation()
  const { counties, covered } = data
  return (
    <Panel title={t('workbench.covered_title')}>
      <div className={classes.coverage}>
        <Tier
          name={t('workbench.covered_deep')}
          total={counties.deep}
          recorded={covered.deep_recorded}
          confirmed={covered.deep_confirmed}
        />
        <Tier
          name={t('workbench.covered_all')}
          total={counties.poor}
          recorded={covered.recorded}
          confirmed={covered.confirmed}
        />
        {covered.unconfirmed_only > 0 && (
          <p className={classes.note}>{t('workbench.unconfirmed_only', { count: covered.unconfirmed_only })}</p>
        )}
        {covered.unverified_only > 0 && (
          <p className={classes.note}>{t('workbench.unverified_only', { count: covered.unverified_only })}</p>
        )}
      </div>
    </Panel>
  )
}

type TierProps = { name: string; total: number; recorded: number; confirmed: number }

function Tier({ name, total, recorded, confirmed }: TierProps) {
  const { t } = useTranslation()
  const part = (count: number): string => `${total === 0 ? 0 : (count / total) * 100}%`
  return (
    <div className={classes.tier}>
      <span className={classes.tierName}>
        {name}
        <small>{t('workbench.of', { count: total })}</small>
      </span>
      <span className={classes.numbers}>
        <span className={classes.number}>
          <strong>{formatCount(recorded)}</strong>
          <span>{t('workbench.recorded')}</span>
        </span>
        <span className={`${classes.number} ${classes.confirmed}`}>
          <strong>{formatCount(confirmed)}</strong>
          <span>{t('workbench.confirmed')}</span>
        </span>
      </span>
      <div
        className={classes.rail}
        role="img"
        aria-label={t('workbench.coverage_words', { tier: name, total, recorded, confirmed })}
      >
        <div className={classes.recordedBar} style={{ width: part(recorded) }} />
        <div className={classes.confirmedBar} style={{ width: part(confirmed) }} />
      </div>
    </div>
  )
}

import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Workbench } from '@/api/types'
import { formatTime } from '@/lib/format'
import { fenOfYuan, share } from '@/lib/money'
import { MoneyFigure } from '@/ui/facts/Facts'
import { Panel } from '@/ui/layout/Panel'
import { Empty } from '@/ui/state/States'
import classes from './WorkbenchPage.module.css'

const FIGURES = ['agreed', 'arrived', 'spent', 'accepted'] as const
const BARS = ['arrived', 'confirmed_arrived', 'spent', 'accepted'] as const

/** The four sums of the year, each against what was agreed. */
export function MoneyPanel({ data }: { data: Workbench }) {
  const { t } = useTranslation()
  const { money } = data
  const nothing = FIGURES.every(stage => fenOfYuan(money[stage]) === 0n)
  return (
    <Panel title={t('workbench.money_title')} note={t('workbench.money_note', { time: formatTime(money.as_of) })}>
      {nothing ? (
        <Empty title={t('workbench.money_empty')} action={<Link to="/pairings">{t('shell.nav.pairings')}</Link>}>
          {t('commitments.empty_other')}
        </Empty>
      ) : (
        <>
          <dl className={classes.money}>
            {FIGURES.map(stage => (
              <MoneyFigure key={stage} label={t(`workbench.money.${stage}`)} yuan={money[stage]} />
            ))}
          </dl>
          <div className={classes.flow}>
            {BARS.map(stage => {
              const percent = share(money[stage], money.agreed)
              return (
                <div key={stage} className={classes.flowRow}>
                  <span>{t(`workbench.money.${stage}`)}</span>
                  <div className={classes.flowRail} aria-hidden="true">
                    <div
                      className={`${classes.flowBar} ${stage === 'confirmed_arrived' ? classes.flowBarConfirmed : ''}`}
                      style={{ width: `${Math.min(100, percent ?? 0)}%` }}
                    />
                  </div>
                  <span>{percent === null ? '—' : `${percent}%`}</span>
                </div>
              )
            })}
          </div>
        </>
      )}
    </Panel>
  )
}

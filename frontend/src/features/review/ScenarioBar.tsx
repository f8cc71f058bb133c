import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Scenario, ScenarioVerb } from '@/api/types'
import { formatCount } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { ConflictWords } from '@/ui/facts/ConflictWords'
import { SwapChain } from '@/ui/facts/SwapChain'
import { ActionButton } from '@/ui/form/ActionButton'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { useReason } from '@/ui/state/States'
import classes from './ScenarioBar.module.css'
import { type Trying, useAdopt, useDiscard } from './whatIf'

type Props = { run: number; scenario: Scenario; busy: boolean; onTry: (change: Trying) => void }

/** What is being tried on the run: what it costs, what moves, and the two ways out. */
export function ScenarioBar({ run, scenario, busy, onTry }: Props) {
  const { t } = useTranslation()
  const said = scenario.sentence[useLanguage() === 'en' ? 'en' : 'zh']
  const { conflict } = scenario
  const tried = scenario.changes.length > 0
  const title = t(tried ? 'review.scenario.title' : 'review.scenario.told')
  return (
    <section className={classes.bar} aria-label={title} aria-busy={busy}>
      <div className={classes.head}>
        <strong>{title}</strong>
        <Chips scenario={scenario} busy={busy} onTry={onTry} />
        {tried && <Ways run={run} blocked={conflict ? t('review.scenario.conflict_why') : null} />}
      </div>
      {tried && (
        <div className={classes.outcome} role="status">
          {conflict ? (
            <ConflictWords conflict={conflict} />
          ) : (
            <>
              <p>
                <strong>
                  {scenario.loss
                    ? t(scenario.loss > 0 ? 'review.scenario.loss' : 'review.scenario.gain', {
                        points: formatCount(Math.abs(scenario.loss)),
                      })
                    : t('review.scenario.same')}
                </strong>{' '}
                {said}。
              </p>
              <details>
                <summary>{t('review.scenario.draw')}</summary>
                <SwapChain shift={scenario.shift} said={said} />
              </details>
            </>
          )}
          <p className={classes.note}>{t('review.scenario.unproven')}</p>
        </div>
      )}
    </section>
  )
}

function Chips({ scenario, busy, onTry }: Omit<Props, 'run'>) {
  const { t } = useTranslation()
  const said = new Set(scenario.changes.map(one => `${one.helper.code}-${one.recipient.code}`))
  const told = scenario.inherited.filter(one => !said.has(`${one.helper.code}-${one.recipient.code}`))
  return (
    <ul className={classes.chips}>
      {[...told, ...scenario.changes].map(one => {
        const pair = `${one.helper.name} → ${one.recipient.name}`
        const verb = t(`review.scenario.verb.${one.verb as ScenarioVerb}`)
        return (
          <li key={`${one.helper.code}-${one.recipient.code}`} title={one.reason || undefined}>
            <span>
              {verb} {pair}
            </span>
            <button
              type="button"
              disabled={busy}
              aria-label={t('review.scenario.take_back', { what: `${verb} ${pair}` })}
              onClick={() => onTry({ verb: 'RELEASE', helper: one.helper.code, recipient: one.recipient.code })}
            >
              ×
            </button>
          </li>
        )
      })}
    </ul>
  )
}

/** Adopt it, which makes a run of its own, or lay it aside. */
function Ways({ run, blocked }: { run: number; blocked: string | null }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const adopt = useAdopt(run)
  const discard = useDiscard(run)
  const [asking, setAsking] = useState(false)
  return (
    <div className={classes.ways}>
      <ActionButton type="primary" why={blocked} onClick={() => setAsking(true)}>
        {t('review.scenario.adopt')}
      </ActionButton>
      <Button
        loading={discard.isPending}
        onClick={() => discard.mutate(undefined, { onError: error => void message.error(reason(error)) })}
      >
        {t('review.scenario.discard')}
      </Button>
      <ReasonDialog
        open={asking}
        title={t('review.scenario.adopt_title')}
        hint={t('review.scenario.adopt_hint')}
        missing={t('review.scenario.adopt_missing')}
        submit={t('review.scenario.adopt')}
        pending={adopt.isPending}
        error={adopt.error && reason(adopt.error)}
        onCancel={() => setAsking(false)}
        onSubmit={words => adopt.mutate(words)}
      >
        <p>{t('review.scenario.adopt_means')}</p>
      </ReasonDialog>
    </div>
  )
}

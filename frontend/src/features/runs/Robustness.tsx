import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Gaps, Run, Spot, Withdrawal } from '@/api/types'
import { formatCount } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { ConflictWords } from '@/ui/facts/ConflictWords'
import { SwapChain } from '@/ui/facts/SwapChain'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { gapsQuery, withdrawalQuery } from './queries'
import classes from './Robustness.module.css'

/** What the run leaves open, whom it leans on, and what would follow if one of them withdrew. */
export function Robustness({ run }: { run: Run }) {
  const { t } = useTranslation()
  const query = useQuery(gapsQuery(run.id))
  return (
    <Panel title={t('runs.gaps.title')} note={t('runs.gaps.note')}>
      <QueryView query={query}>
        {gaps => (
          <div className={classes.columns}>
            <div>
              <Uncovered gaps={gaps} />
              <Single gaps={gaps} />
            </div>
            <Withdrawing run={run.id} gaps={gaps} />
          </div>
        )}
      </QueryView>
    </Panel>
  )
}

function County({ spot }: { spot: Spot }) {
  return <Link to={`/counties/${spot.code}`}>{spot.full_name}</Link>
}

function Uncovered({ gaps }: { gaps: Gaps }) {
  const { t } = useTranslation()
  if (gaps.uncovered.length === 0) return <p className={classes.fine}>{t('runs.gaps.all_covered')}</p>
  return (
    <section>
      <h3>{t('runs.gaps.uncovered', { count: gaps.uncovered.length })}</h3>
      <ul className={classes.list}>
        {gaps.uncovered.map(one => (
          <li key={one.recipient.code}>
            <County spot={one.recipient} />
            <span>{t(`runs.gaps.why.${one.why as 'NO_ROOM'}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Single({ gaps }: { gaps: Gaps }) {
  const { t } = useTranslation()
  if (gaps.single_helper.length === 0) return <p className={classes.fine}>{t('runs.gaps.none_single')}</p>
  return (
    <section>
      <h3>{t('runs.gaps.single', { count: gaps.single_helper.length })}</h3>
      <ul className={classes.list}>
        {gaps.single_helper.map(one => (
          <li key={one.recipient.code}>
            <County spot={one.recipient} />
            <span>{one.helper.full_name}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Withdrawing({ run, gaps }: { run: number; gaps: Gaps }) {
  const { t } = useTranslation()
  const id = useId()
  const [helper, setHelper] = useState('')
  const query = useQuery({ ...withdrawalQuery(run, helper), enabled: helper !== '' })
  return (
    <section>
      <h3>
        <label htmlFor={id}>{t('runs.gaps.withdraw')}</label>
      </h3>
      <NativeSelect
        id={id}
        value={helper}
        onChange={setHelper}
        options={gaps.loads.map(one => ({
          value: one.helper.code,
          label: t('runs.gaps.load', { name: one.helper.full_name, count: one.pairs }),
        }))}
      />
      <div aria-live="polite" className={classes.answer}>
        {helper !== '' && <QueryView query={query}>{told => <Told told={told} />}</QueryView>}
      </div>
    </section>
  )
}

function Told({ told }: { told: Withdrawal }) {
  const { t } = useTranslation()
  const said = told.sentence[useLanguage() === 'en' ? 'en' : 'zh']
  if (told.conflict) return <ConflictWords conflict={told.conflict} />
  return (
    <>
      <p>
        <strong>{t('runs.gaps.loss', { points: formatCount(told.loss ?? 0) })}</strong> {said}。
      </p>
      <SwapChain shift={told.shift} said={said} />
    </>
  )
}

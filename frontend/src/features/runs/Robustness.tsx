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
import { countyAddress, placesOf } from './comparing'
import { gapsQuery, withdrawalQuery } from './queries'
import classes from './Robustness.module.css'

/** What the run leaves open, whom it leans on, and what would follow if one of them withdrew. */
export function Robustness({ run }: { run: Run }) {
  const { t } = useTranslation()
  const query = useQuery(gapsQuery(run.id))
  const places = t(placesOf(run))
  return (
    <Panel title={t('runs.gaps.title')} note={t('runs.gaps.note')}>
      <QueryView query={query}>
        {gaps => (
          <div className={classes.columns}>
            <div>
              <Uncovered gaps={gaps} places={places} />
              <Single gaps={gaps} places={places} />
            </div>
            <Withdrawing run={run.id} gaps={gaps} />
          </div>
        )}
      </QueryView>
    </Panel>
  )
}

function Place({ spot }: { spot: Spot }) {
  return <Link to={countyAddress(spot.code)}>{spot.full_name}</Link>
}

type Told = { gaps: Gaps; places: string }

function Uncovered({ gaps, places }: Told) {
  const { t } = useTranslation()
  if (gaps.counts.uncovered === 0) return <p className={classes.fine}>{t('runs.gaps.all_covered', { places })}</p>
  return (
    <section>
      <h3>{t('runs.gaps.uncovered', { places, count: gaps.counts.uncovered })}</h3>
      {gaps.places.length > 0 && (
        <details open>
          <summary>{t('runs.gaps.by_county')}</summary>
          <ul className={classes.list}>
            {gaps.places.map(one => (
              <li key={one.place.code}>
                <Place spot={one.place} />
                <span>{formatCount(one.uncovered)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {gaps.places.length === 0 ? (
        <OneByOne gaps={gaps} />
      ) : (
        <details>
          <summary>{t('runs.gaps.each')}</summary>
          <OneByOne gaps={gaps} />
        </details>
      )}
    </section>
  )
}

function OneByOne({ gaps }: { gaps: Gaps }) {
  const { t } = useTranslation()
  return (
    <>
      <ul className={classes.list}>
        {gaps.uncovered.map(one => (
          <li key={one.recipient.code}>
            <Place spot={one.recipient} />
            <span>{t(`runs.gaps.why.${one.why as 'NO_ROOM'}`)}</span>
          </li>
        ))}
      </ul>
      <First listed={gaps.uncovered.length} of={gaps.counts.uncovered} />
    </>
  )
}

function First({ listed, of }: { listed: number; of: number }) {
  const { t } = useTranslation()
  return listed < of ? <p>{t('runs.gaps.first', { count: listed })}</p> : null
}

function Single({ gaps, places }: Told) {
  const { t } = useTranslation()
  if (gaps.counts.single_helper === 0) return <p className={classes.fine}>{t('runs.gaps.none_single', { places })}</p>
  return (
    <section>
      <h3>{t('runs.gaps.single', { places, count: gaps.counts.single_helper })}</h3>
      <ul className={classes.list}>
        {gaps.single_helper.map(one => (
          <li key={one.recipient.code}>
            <Place spot={one.recipient} />
            <span>{one.helper.full_name}</span>
          </li>
        ))}
      </ul>
      <First listed={gaps.single_helper.length} of={gaps.counts.single_helper} />
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
      {gaps.loads.length < gaps.counts.loads && (
        <p>{t('runs.gaps.most_loaded', { count: gaps.loads.length, all: formatCount(gaps.counts.loads) })}</p>
      )}
      <div aria-live="polite" className={classes.answer}>
        {helper !== '' && <QueryView query={query}>{told => <Consequence told={told} />}</QueryView>}
      </div>
    </section>
  )
}

function Consequence({ told }: { told: Withdrawal }) {
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

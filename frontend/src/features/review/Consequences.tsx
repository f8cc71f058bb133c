import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { areaSearchQuery, firmSearchQuery, villageSearchQuery } from '@/api/reference'
import type { Alternative, Area, Party, Spot, Suggestion, Why } from '@/api/types'
import { formatCount, formatScore } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { SwapChain } from '@/ui/facts/SwapChain'
import { Finder } from '@/ui/form/Finder'
import { QueryView } from '@/ui/state/QueryView'
import classes from './Consequences.module.css'
import { codesOf } from './filtering'
import { type PairCodes, whyQuery } from './whatIf'

type Props = { run: number; suggestion: Suggestion; onPin: ((pair: PairCodes) => void) | undefined; pinning: boolean }

/** What another answer would cost: the chain of swaps, what either side could have instead, and any pair one asks for. */
export function Consequences({ run, suggestion, onPin, pinning }: Props) {
  const { t } = useTranslation()
  const own = codesOf(suggestion)
  const [asked, setAsked] = useState<PairCodes>(own)
  const [about, setAbout] = useState(suggestion.id)
  if (about !== suggestion.id) {
    setAbout(suggestion.id)
    setAsked(own)
  }
  const query = useQuery(whyQuery(run, asked))
  const itself = asked.helper === own.helper && asked.recipient === own.recipient
  return (
    <div className={classes.consequences}>
      {!itself && (
        <Button type="link" size="small" className={classes.back} onClick={() => setAsked(own)}>
          ← {t('review.why.back')}
        </Button>
      )}
      <QueryView query={query}>
        {why => (
          <>
            <Told why={why} itself={itself} onPin={onPin && (() => onPin(asked))} pinning={pinning} />
            <Alternatives
              title={t('review.why.helper_alternatives', { name: why.helper.name })}
              rows={why.helper_alternatives}
              other={row => row.recipient}
              onAsk={setAsked}
            />
            <Alternatives
              title={t('review.why.recipient_alternatives', { name: why.recipient.name })}
              rows={why.recipient_alternatives}
              other={row => row.helper}
              onAsk={setAsked}
            />
          </>
        )}
      </QueryView>
      <AskAny key={suggestion.id} suggestion={suggestion} onAsk={setAsked} />
    </div>
  )
}

type ToldProps = { why: Why; itself: boolean; onPin: (() => void) | undefined; pinning: boolean }

function Told({ why, itself, onPin, pinning }: ToldProps) {
  const { t } = useTranslation()
  const said = why.sentence[useLanguage() === 'en' ? 'en' : 'zh']
  const canPin = onPin && !itself && !why.picked && why.loss !== null
  return (
    <section aria-live="polite">
      {!itself && (
        <h3>
          {why.helper.name} → {why.recipient.name}
          {why.score !== null && <small>{t('review.why.fit', { score: formatScore(why.score) })}</small>}
        </h3>
      )}
      <p className={classes.said}>{said}</p>
      <SwapChain shift={why.shift} said={said} />
      {canPin && (
        <Button size="small" loading={pinning} onClick={onPin} className={classes.pin}>
          {t('review.scenario.pin')}
        </Button>
      )}
    </section>
  )
}

type AlternativesProps = {
  title: string
  rows: readonly Alternative[]
  other: (row: Alternative) => Spot
  onAsk: (pair: PairCodes) => void
}

function Alternatives({ title, rows, other, onAsk }: AlternativesProps) {
  const { t } = useTranslation()
  if (rows.length === 0) return null
  return (
    <section>
      <h3>{title}</h3>
      <ul className={classes.alternatives}>
        {rows.map(row => (
          <li key={other(row).code}>
            <button type="button" onClick={() => onAsk({ helper: row.helper.code, recipient: row.recipient.code })}>
              <span title={other(row).full_name}>{calledApart(other(row))}</span>
              <small>{t('review.why.fit', { score: formatScore(row.score) })}</small>
              <strong>
                {row.loss === null ? t('review.why.cannot') : t('review.why.loss', { points: formatCount(row.loss) })}
              </strong>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

const VILLAGE = 12 // digits of its code

/** Many villages bear the same name. */
const calledApart = (place: Spot): string => (place.code.length === VILLAGE ? place.full_name : place.name)

/** Why not … ? for any pair that somebody has in mind. */
function AskAny({ suggestion, onAsk }: { suggestion: Suggestion; onAsk: (pair: PairCodes) => void }) {
  const { t } = useTranslation()
  const { helper, recipient } = suggestion
  const [pair, setPair] = useState<PairCodes>(codesOf(suggestion))
  const ofFirms = helper.kind !== 'GOVERNMENT'
  const sides = [
    {
      side: 'helper',
      label: t('review.compare_columns.helper'),
      name: ofFirms ? helper.name : (helper.area?.full_name ?? helper.name),
      ask: ofFirms ? firmSearchQuery : areaSearchQuery,
    },
    {
      side: 'recipient',
      label: t(ofFirms ? 'review.compare_columns.village' : 'review.compare_columns.recipient'),
      name: recipient.full_name,
      ask: ofFirms ? villageSearchQuery : areaSearchQuery,
    },
  ] as const
  return (
    <details className={classes.any}>
      <summary>{t('review.why.any')}</summary>
      {sides.map(({ side, label, name, ask }) => (
        <div key={side} className={classes.field}>
          <label htmlFor={`any-${side}`}>{label}</label>
          <Finder
            id={`any-${side}`}
            value={pair[side]}
            initial={{ value: pair[side], label: name }}
            onChange={code => setPair(previous => ({ ...previous, [side]: String(code) }))}
            ask={search => ask(search) as never}
            optionOf={(found: Area | Party) =>
              'full_name' in found
                ? { value: found.code, label: found.full_name }
                : { value: `party-${found.id}`, label: found.name }
            }
          />
        </div>
      ))}
      <Button size="small" onClick={() => onAsk(pair)}>
        {t('review.why.ask')}
      </Button>
    </details>
  )
}

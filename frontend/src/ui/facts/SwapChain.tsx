import { useTranslation } from 'react-i18next'
import type { Matched, Shift, Spot } from '@/api/types'
import classes from './SwapChain.module.css'

const ROW = 30
const AT_ONCE = 14
const LEFT = 128
const RIGHT = 232
const WIDTH = 360

/** Each place once, in the order in which the chain comes to it. */
function once(places: Spot[]): Spot[] {
  return [...new Map(places.map(place => [place.code, place])).values()]
}

/** Helpers left, counties right: pairs that would end dashed, pairs that would come in full. */
export function SwapChain({ shift, said }: { shift: Shift; said: string }) {
  const { t } = useTranslation()
  const pairs = [...shift.removed, ...shift.added]
  if (pairs.length === 0) return null
  const shown = inOrder(shift).slice(0, AT_ONCE)
  const helpers = once(shown.map(({ pair }) => pair.helper))
  const recipients = once(shown.map(({ pair }) => pair.recipient))
  const rows = Math.max(helpers.length, recipients.length)
  const height = rows * ROW
  const y = (places: Spot[], code: string) =>
    (places.findIndex(place => place.code === code) + 0.5) * (height / places.length)
  const rest = pairs.length - shown.length
  return (
    <figure className={classes.chain}>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={said}>
        {shown.map(({ pair, added }) => (
          <line
            key={`${pair.helper.code}-${pair.recipient.code}`}
            className={added ? classes.added : classes.removed}
            x1={LEFT}
            x2={RIGHT}
            y1={y(helpers, pair.helper.code)}
            y2={y(recipients, pair.recipient.code)}
          />
        ))}
        {helpers.map(place => (
          <Place key={place.code} place={place} x={LEFT} y={y(helpers, place.code)} anchor="end" />
        ))}
        {recipients.map(place => (
          <Place
            key={place.code}
            place={place}
            x={RIGHT}
            y={y(recipients, place.code)}
            anchor="start"
            alone={shift.uncovered.some(one => one.code === place.code)}
          />
        ))}
      </svg>
      <figcaption>
        <span className={classes.removedKey}>{t('review.chain.removed')}</span>
        <span className={classes.addedKey}>{t('review.chain.added')}</span>
        {shift.uncovered.length > 0 && <span className={classes.aloneKey}>{t('review.chain.uncovered')}</span>}
        {rest > 0 && <span>{t('review.chain.rest', { count: rest })}</span>}
      </figcaption>
    </figure>
  )
}

type Step = { pair: Matched; added: boolean }

/** The chain as it is told: for each helper in turn what it leaves, then what it joins. */
function inOrder(shift: Shift): Step[] {
  return shift.moves.flatMap(({ helper, leaves, joins }) => [
    ...(leaves ? [{ pair: { helper, recipient: leaves }, added: false }] : []),
    ...(joins ? [{ pair: { helper, recipient: joins }, added: true }] : []),
  ])
}

type PlaceProps = { place: Spot; x: number; y: number; anchor: 'start' | 'end'; alone?: boolean }

function Place({ place, x, y, anchor, alone = false }: PlaceProps) {
  const name = place.name.length > 9 ? `${place.name.slice(0, 8)}…` : place.name
  return (
    <g className={alone ? classes.alone : undefined}>
      <title>{place.full_name}</title>
      <circle cx={x} cy={y} r={alone ? 5 : 4} />
      <text x={anchor === 'end' ? x - 10 : x + 10} y={y} textAnchor={anchor} dominantBaseline="central">
        {name}
      </text>
    </g>
  )
}

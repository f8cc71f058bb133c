import { useTranslation } from 'react-i18next'
import { useTokens } from '@/ui/theme/mode'
import type { Token } from '@/ui/theme/tokens'
import type { RegionKind } from './ChinaMap'
import classes from './ChinaMap.module.css'

const SWATCHES: [RegionKind, Token][] = [
  ['deep_open', 'mapDeep'],
  ['poor_open', 'mapPoor'],
  ['deep_covered', 'mapCoveredDeep'],
  ['poor_covered', 'mapCovered'],
]

type Props = {
  /** The colours in use, where not all are. */
  kinds?: readonly RegionKind[]
  /** Where the catalogue names them for this map. */
  words?: 'workbench.legend' | 'villages.legend'
}

/** What the colours and lines of the map mean. */
export function Legend({ kinds, words = 'workbench.legend' }: Props) {
  const { t } = useTranslation()
  const tokens = useTokens()
  return (
    <ul className={classes.legend}>
      {SWATCHES.filter(([kind]) => !kinds || kinds.includes(kind)).map(([kind, token]) => (
        <li key={kind}>
          <span className={classes.swatch} style={{ background: tokens[token] }} />
          {t(`${words}.${kind}`)}
        </li>
      ))}
      <li>
        <span className={classes.stroke} />
        {t(`${words}.arc`)}
      </li>
      <li>
        <span className={`${classes.stroke} ${classes.claim}`} />
        {t(`${words}.claim`)}
      </li>
    </ul>
  )
}

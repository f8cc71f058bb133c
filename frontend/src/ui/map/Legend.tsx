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

/** What the colours and lines of the map mean. */
export function Legend() {
  const { t } = useTranslation()
  const tokens = useTokens()
  return (
    <ul className={classes.legend}>
      {SWATCHES.map(([kind, token]) => (
        <li key={kind}>
          <span className={classes.swatch} style={{ background: tokens[token] }} />
          {t(`workbench.legend.${kind}`)}
        </li>
      ))}
      <li>
        <span className={classes.stroke} />
        {t('workbench.legend.arc')}
      </li>
      <li>
        <span className={`${classes.stroke} ${classes.claim}`} />
        {t('workbench.legend.claim')}
      </li>
    </ul>
  )
}

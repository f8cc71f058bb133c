import { useTranslation } from 'react-i18next'
import type { AreaFlag, AreaProfile } from '@/api/types'
import { Unknown } from '@/ui/facts/Facts'
import { UnverifiedTag } from '@/ui/facts/marks'
import { Tag } from '@/ui/facts/Tag'
import classes from './CountyPage.module.css'

/** Memberships with their source; three values, since not knowing is not “no”. */
export function Flags({ area }: { area: AreaProfile }) {
  return (
    <>
      <Because area={area} />
      {area.flags.length > 0 && (
        <ul className={classes.flags}>
          {area.flags.map(flag => (
            <li key={flag.kind} className={classes.flag}>
              <FlagLine flag={flag} />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function FlagLine({ flag }: { flag: AreaFlag }) {
  const { t } = useTranslation()
  const known = flag.value !== 'UNKNOWN'
  return (
    <>
      <span>
        {t(`places.page.flags.${flag.kind}`)}
        {flag.detail && <span className={classes.quiet}>（{flag.detail}）</span>}
      </span>
      <span className={classes.flagValue}>
        {known ? (
          <Tag tone={flag.value === 'YES' ? 'info' : 'neutral'}>{t(`places.page.flag.${flag.value}`)}</Tag>
        ) : (
          <Unknown />
        )}
        {known && <UnverifiedTag status={flag.status} />}
      </span>
      {flag.source && <span className={classes.source}>{flag.source}</span>}
    </>
  )
}

function Because({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  const { depth } = area
  if (!depth || (depth.reasons.length === 0 && depth.unknown.length === 0)) return null
  const kinds = depth.unknown.map(kind => t(`places.page.flags.${kind}`)).join('、')
  return (
    <div className={classes.because}>
      {depth.reasons.length > 0 && (
        <>
          <strong>{t('places.page.depth_because')}</strong>
          <ul>
            {depth.reasons.map(reason => (
              <li key={reason.code}>{reason.sentence}</li>
            ))}
          </ul>
        </>
      )}
      {kinds && <p>{t('places.page.depth_unknown', { kinds })}</p>}
    </div>
  )
}

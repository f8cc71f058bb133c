import { useTranslation } from 'react-i18next'
import type { Need } from '@/api/types'
import classes from './Needs.module.css'
import { CAUSES } from './queries'

type Chosen = NonNullable<Need['causes']>

/** Several causes may be ticked. Fits a Form.Item. */
export function Causes({
  id,
  value = [],
  onChange,
}: {
  id?: string
  value?: Chosen
  onChange?: (value: Chosen) => void
}) {
  const { t } = useTranslation()
  return (
    <fieldset id={id} className={classes.causes} aria-label={t('needs.fields.causes')}>
      {CAUSES.map(cause => (
        <label key={cause}>
          <input
            type="checkbox"
            checked={value.includes(cause)}
            onChange={event =>
              onChange?.(event.target.checked ? [...value, cause] : value.filter(one => one !== cause))
            }
          />
          {t(`needs.cause.${cause}`)}
        </label>
      ))}
    </fieldset>
  )
}

import { useTranslation } from 'react-i18next'
import type { HelpCategory } from '@/api/types'
import classes from './Parties.module.css'
import { CATEGORIES } from './queries'

type Props = { id?: string; value?: HelpCategory[]; onChange?: (value: HelpCategory[]) => void }

/** Categories of help, one tick each. Fits a Form.Item. */
export function CategoryTicks({ id, value = [], onChange }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset id={id} className={classes.ticks} aria-label={t('parties.capabilities')}>
      {CATEGORIES.map(category => (
        <label key={category}>
          <input
            type="checkbox"
            checked={value.includes(category)}
            onChange={event =>
              onChange?.(event.target.checked ? [...value, category] : value.filter(one => one !== category))
            }
          />
          {t(`needs.category.${category}`)}
        </label>
      ))}
    </fieldset>
  )
}

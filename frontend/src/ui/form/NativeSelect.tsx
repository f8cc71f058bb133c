import type { SelectHTMLAttributes } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './FilterBar.module.css'

type Props = Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange' | 'value'> & {
  options: readonly { value: string; label: string }[]
  value?: string
  onChange?: (value: string) => void
}

/** The machine's own list of choices: the thumb's best picker, and no surprise to a screen reader. Fits a Form.Item. */
export function NativeSelect({ options, value = '', onChange, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <select {...rest} value={value} className={classes.control} onChange={event => onChange?.(event.target.value)}>
      <option value="" disabled hidden>
        {t('common.choose')}
      </option>
      {options.map(option => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}

import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Filters } from '@/lib/filters'
import classes from './FilterBar.module.css'

/** The row of filters above a list. */
export function FilterBar({ filters, children }: { filters: Filters; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <search className={`${classes.bar} no-print`} aria-label={t('common.filter')}>
      {children}
      {filters.active && (
        <button type="button" className={classes.clear} onClick={filters.clear}>
          {t('common.clear')}
        </button>
      )}
    </search>
  )
}

type ChoiceProps = {
  label: string
  value: string
  options: readonly { value: string; label: string }[]
  onChange: (value: string) => void
  /** What the empty choice is called; none when something must be chosen. */
  any?: string | null
}

export function Choice({ label, value, options, onChange, any }: ChoiceProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={classes.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={event => onChange(event.target.value)} className={classes.control}>
        {any !== null && <option value="">{any ?? t('common.all')}</option>}
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}

const PAUSE_MS = 250

/** Words to look for; asks once the typing pauses. */
export function SearchField({
  label,
  value,
  onChange,
  placeholder,
}: Omit<ChoiceProps, 'options' | 'any'> & { placeholder?: string }) {
  const id = useId()
  const [text, setText] = useState(value)
  const asked = useRef(value)
  useEffect(() => {
    if (value !== asked.current) setText(value) // the address changed by other means
    asked.current = value
  }, [value])
  useEffect(() => {
    if (text.trim() === asked.current) return
    const timer = window.setTimeout(() => {
      asked.current = text.trim()
      onChange(text.trim())
    }, PAUSE_MS)
    return () => window.clearTimeout(timer)
  }, [text, onChange])
  return (
    <div className={`${classes.field} ${classes.search}`}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="search"
        value={text}
        placeholder={placeholder}
        autoComplete="off"
        className={classes.control}
        onChange={event => setText(event.target.value)}
      />
    </div>
  )
}

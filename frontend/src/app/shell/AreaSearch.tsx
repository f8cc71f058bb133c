import { SearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { areaSearchQuery } from '@/api/reference'
import type { Area } from '@/api/types'
import { TierTag } from '@/ui/facts/marks'
import classes from './AreaSearch.module.css'

const PAUSE_MS = 180

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), PAUSE_MS)
    return () => window.clearTimeout(timer)
  }, [value])
  return settled
}

/** Counties of the programme first, the rest in the register's order. */
function byImportance(areas: readonly Area[]): Area[] {
  const weight = (area: Area): number => (area.tier ? 0 : area.is_eastern_helper ? 1 : 2)
  return [...areas].sort((a, b) => weight(a) - weight(b))
}

/** “/” goes to the search, unless somebody is typing. */
function useSlash(focus: () => void): void {
  useEffect(() => {
    const pressed = (event: globalThis.KeyboardEvent) => {
      const { target } = event
      const typing = target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      focus()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [focus])
}

/** Find a place by name, code, pinyin or initials: a combobox after the ARIA pattern. */
export function AreaSearch() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const word = useSettled(text.trim())
  const query = useQuery(areaSearchQuery(word))
  const areas = word === '' ? [] : byImportance(query.data ?? [])
  const [focusInput] = useState(() => () => input.current?.focus())
  useSlash(focusInput)

  const go = (area: Area) => {
    setOpen(false)
    setText('')
    input.current?.blur()
    void navigate(area.level === 'COUNTY' ? `/counties/${area.code}` : `/counties?parent=${area.code}`)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setOpen(false)
    if (areas.length === 0) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      setActive((active + (event.key === 'ArrowDown' ? 1 : -1) + areas.length) % areas.length)
    }
    const chosen = areas[active]
    if (event.key === 'Enter' && open && chosen) go(chosen)
  }
  const shown = open && word !== ''
  return (
    <search className={classes.search}>
      <SearchOutlined className={classes.icon} aria-hidden="true" />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={t('shell.search.label')}
        aria-expanded={shown}
        aria-controls={shown ? `${id}-list` : undefined}
        aria-autocomplete="list"
        aria-activedescendant={shown && areas[active] ? `${id}-${areas[active].code}` : undefined}
        placeholder={t('shell.search.placeholder')}
        title={t('shell.search.hint')}
        autoComplete="off"
        value={text}
        onChange={event => {
          setText(event.target.value)
          setActive(0)
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {shown && <Results id={id} areas={areas} active={active} word={word} query={query} onChoose={go} />}
    </search>
  )
}

type ResultsProps = {
  id: string
  areas: Area[]
  active: number
  word: string
  query: { isPending: boolean; isError: boolean }
  onChoose: (area: Area) => void
}

function Results({ id, areas, active, word, query, onChoose }: ResultsProps) {
  const { t } = useTranslation()
  const words = query.isError
    ? t('shell.search.failed')
    : query.isPending
      ? t('common.waiting')
      : areas.length === 0
        ? t('shell.search.none', { text: word })
        : null
  return (
    <div className={classes.results}>
      <p role="status" className={words ? classes.words : 'visually-hidden'}>
        {words ?? t('shell.search.found', { count: areas.length })}
      </p>
      <div role="listbox" id={`${id}-list`} aria-label={t('shell.search.label')}>
        {areas.map((area, at) => (
          // biome-ignore lint/a11y/useFocusableInteractive: in a combobox the focus stays in the input (ARIA 1.2)
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the input
          <div
            key={area.code}
            id={`${id}-${area.code}`}
            role="option"
            aria-selected={at === active}
            className={classes.result}
            onPointerDown={event => event.preventDefault()}
            onClick={() => onChoose(area)}
          >
            <span>{area.full_name}</span>
            <span className={classes.code}>{area.code}</span>
            <TierTag tier={area.tier} />
          </div>
        ))}
      </div>
    </div>
  )
}

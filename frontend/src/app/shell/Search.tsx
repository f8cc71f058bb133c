import { SearchOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { searchQuery } from '@/api/reference'
import type { Found, Hit, HitKind } from '@/api/types'
import { TierTag } from '@/ui/facts/marks'
import { Tag } from '@/ui/facts/Tag'
import classes from './Search.module.css'

const PAUSE_MS = 180

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), PAUSE_MS)
    return () => window.clearTimeout(timer)
  }, [value])
  return settled
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

type Option = Hit & { kind: HitKind; key: string }

const optionsOf = (found: Found | undefined): Option[] =>
  (found?.groups ?? []).flatMap(({ kind, hits }) => hits.map(hit => ({ ...hit, kind, key: `${kind}-${hit.id}` })))

/** Where a hit leads; a village leads to its county. */
const ADDRESSES: Record<HitKind, (hit: Hit) => string> = {
  AREA: hit => `/counties/${hit.place}`,
  PARTY: hit => `/parties/${hit.id}`,
  NEED: hit => `/needs/${hit.id}`,
  PAIRING: hit => `/pairings/${hit.id}`,
}

/** Find places, parties, needs and pairings by name, code, pinyin or initials: a combobox after the ARIA pattern. */
export function Search() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const word = useSettled(text.trim())
  const query = useQuery(searchQuery(word))
  const found = word === '' ? undefined : query.data
  const options = optionsOf(found)
  const [focusInput] = useState(() => () => input.current?.focus())
  useSlash(focusInput)

  const go = (option: Option) => {
    setOpen(false)
    setText('')
    input.current?.blur()
    void navigate(ADDRESSES[option.kind](option))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setOpen(false)
    if (options.length === 0) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      setActive((active + (event.key === 'ArrowDown' ? 1 : -1) + options.length) % options.length)
    }
    const chosen = options[active]
    if (event.key === 'Enter' && open && chosen && word === text.trim() && !query.isPlaceholderData) go(chosen)
  }
  const shown = open && word !== ''
  const current = options[active]
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
        aria-activedescendant={shown && current ? `${id}-${current.key}` : undefined}
        placeholder={t('shell.search.placeholder')}
        title={t('shell.search.hint')}
        autoComplete="off"
        maxLength={60}
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
      {shown && <Results id={id} options={options} active={active} word={word} query={query} onChoose={go} />}
    </search>
  )
}

type ResultsProps = {
  id: string
  options: Option[]
  active: number
  word: string
  query: { data: Found | undefined; isPending: boolean; isError: boolean }
  onChoose: (option: Option) => void
}

function Results({ id, options, active, word, query, onChoose }: ResultsProps) {
  const { t } = useTranslation()
  const words = query.isError
    ? t('shell.search.failed')
    : query.isPending
      ? t('common.waiting')
      : options.length === 0
        ? t('shell.search.none', { text: word })
        : query.data?.alike
          ? t('shell.search.alike', { text: word })
          : null
  return (
    <div className={classes.results}>
      <p role="status" className={words ? classes.words : 'visually-hidden'}>
        {words ?? t('shell.search.found', { count: options.length })}
      </p>
      <div role="listbox" id={`${id}-list`} aria-label={t('shell.search.label')}>
        {!query.isError &&
          query.data?.groups.map(({ kind, more }) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of options is no fieldset
            <div key={kind} role="group" aria-labelledby={`${id}-${kind}`}>
              <p id={`${id}-${kind}`} className={classes.kind}>
                {t(`shell.search.kinds.${kind}`)}
                {more && <span> · {t('shell.search.more')}</span>}
              </p>
              {options.map(
                (option, at) =>
                  option.kind === kind && (
                    <Row
                      key={option.key}
                      id={`${id}-${option.key}`}
                      option={option}
                      active={at === active}
                      onChoose={() => onChoose(option)}
                    />
                  ),
              )}
            </div>
          ))}
      </div>
    </div>
  )
}

type RowProps = { id: string; option: Option; active: boolean; onChoose: () => void }

function Row({ id, option, active, onChoose }: RowProps) {
  const { t } = useTranslation()
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: in a combobox the focus stays in the input (ARIA 1.2)
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are handled by the input
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={active}
      className={classes.result}
      onPointerDown={event => event.preventDefault()}
      onClick={onChoose}
    >
      <span className={classes.title}>
        {option.title}
        <span className={classes.detail}>
          {option.formerly ? t('shell.search.formerly', { name: option.formerly }) : option.detail}
        </span>
      </span>
      {option.kind === 'AREA' && <span className={classes.code}>{option.code}</span>}
      <TierTag tier={option.tier} />
      {option.is_demo && option.kind === 'NEED' && <Tag tone="warn">{t('shell.search.demo')}</Tag>}
    </div>
  )
}

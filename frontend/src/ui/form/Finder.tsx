import { type UseQueryOptions, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

type Option = { value: string | number; label: string }
type FinderProps<Row> = {
  id?: string
  value?: Option['value']
  onChange?: (value: Option['value']) => void
  ask: (search: string) => UseQueryOptions<Row[]>
  optionOf: (row: Row) => Option
  /** What stands there before anybody types. */
  initial?: Option
}

const PAUSE_MS = 200

/** Choose a record by typing part of its name; the server knows pinyin and codes. */
export function Finder<Row>({ id, value, onChange, ask, optionOf, initial }: FinderProps<Row>) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<Option[]>(initial ? [initial] : [])
  useEffect(() => {
    const timer = window.setTimeout(() => setSearch(typed.trim()), PAUSE_MS)
    return () => window.clearTimeout(timer)
  }, [typed])
  const query = useQuery(ask(search))
  const options = search === '' ? chosen : (query.data ?? []).map(optionOf)
  return (
    <Select
      id={id}
      value={value}
      onChange={next => {
        setChosen(options.filter(option => option.value === next))
        onChange?.(next)
      }}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      options={options}
      loading={query.isFetching}
      placeholder={t('common.finder.hint')}
      notFoundContent={search === '' ? t('common.finder.type') : t('common.finder.none', { text: search })}
    />
  )
}

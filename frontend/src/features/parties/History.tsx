import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Event, HelpCategory, HelpMode, Industry, PartyKind } from '@/api/types'
import { formatWan } from '@/lib/money'
import { EventTimeline } from '@/ui/facts/EventTimeline'
import { profileEventsQuery } from './queries'

type Row = Record<string, unknown>
type Lists = { added: Row[] | number; changed: [Row, Row][] | number; removed: Row[] | number }

// How a row of a list reads: the fields in this order, those that do not speak for themselves with their name.
const ORDER = ['year', 'category', 'mode', 'quantity', 'villages', 'counties', 'budget_yuan', 'description', 'proof']
const NAMED = ['villages', 'counties', 'budget_yuan']

/** Who changed what, when, from what. */
export function History({ party }: { party: number }) {
  const { t, i18n } = useTranslation()
  const query = useQuery(profileEventsQuery(party))
  const fieldOf = (field: string): string => {
    const known = { budget_yuan: 'budget' }[field] ?? field
    return i18n.exists(`parties.fields.${known}`) ? t(`parties.fields.${known as 'name'}`) : field
  }
  const shown = (field: string, value: unknown): string => {
    if (value === null || value === undefined || value === '') return t('common.unknown')
    if (field === 'kind') return t(`parties.kind.${value as PartyKind}`)
    if (field === 'industry') return t(`parties.industry.${value as Industry}`)
    if (field === 'category') return t(`needs.category.${value as HelpCategory}`)
    if (field === 'mode') return t(`commitments.mode.${value as HelpMode}`)
    if (field === 'budget_yuan') return `${formatWan(String(value))} ${t('common.wan')}`
    return String(value)
  }
  const rowOf = (row: Row): string =>
    ORDER.filter(field => field in row)
      .map(field => {
        const words = shown(field, row[field])
        const spoken =
          field === 'quantity' ? `${words.replace(/\.0+$|(\.\d*[1-9])0+$/, '$1')} ${row.unit ?? ''}` : words
        return NAMED.includes(field) ? `${fieldOf(field)} ${spoken}` : spoken
      })
      .join(' ')
  const listsOf = ({ added, changed, removed }: Lists): string => {
    if (typeof added === 'number') return t('parties.counted', { added, changed, removed })
    const parts = added.map(row => `+ ${rowOf(row)}`)
    for (const [from, to] of changed as [Row, Row][]) parts.push(`${rowOf(from)} → ${rowOf(to)}`)
    for (const row of removed as Row[]) parts.push(`− ${rowOf(row)}`)
    return parts.join('；')
  }
  const wordsOf = (event: Event): string => {
    const known = i18n.exists(`parties.verbs.${event.verb}`)
    const verb = t(`parties.verbs.${known ? (event.verb as 'moved') : 'moved'}`)
    const told = (event.payload ?? {}) as Row
    if ('added' in told) return `${verb}：${listsOf(told as Lists)}`
    if (event.verb !== 'corrected') return verb
    const changes = Object.entries(told as Record<string, [unknown, unknown]>).map(([field, [from, to]]) =>
      t('parties.changed', { field: fieldOf(field), from: shown(field, from), to: shown(field, to) }),
    )
    return changes.length > 0 ? `${verb}：${changes.join('；')}` : verb
  }
  return <EventTimeline query={query} wordsOf={wordsOf} />
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { historyQuery } from '@/api/relations'
import type { HistoryEntry } from '@/api/types'
import { EventTimeline } from './EventTimeline'

type Props = {
  /** The kind of record as the API names it, such as `needs.need`, and its number. */
  type: string
  id: number
  /** What an entry is called; nothing where this page knows no better word than 建立 or 修改. */
  verb?: (entry: HistoryEntry) => string | undefined
  /** Names of fields and values in the page's language; nothing for those the server's own words will do. */
  field?: (name: string) => string | undefined
  value?: (name: string, raw: unknown) => string | undefined
  /** Fields that the verb already tells of. */
  hide?: readonly string[]
}

/** Who changed what, when and from what: of any record that is kept with its history. */
export function History({ type, id, verb, field, value, hide = [] }: Props) {
  const { t } = useTranslation()
  const query = useQuery(historyQuery(type, String(id)))
  const shown = (name: string, raw: unknown, label: string | null): string =>
    label === null ? t('common.unknown') : (value?.(name, raw) ?? label)
  const wordsOf = (entry: HistoryEntry): string => {
    const plain = entry.verb === 'created' ? t('relations.history_created') : t('relations.history_changed')
    const changes = entry.changes
      .filter(change => change.field !== 'status' && !hide.includes(change.field))
      .map(change =>
        t('relations.history_change', {
          field: field?.(change.field) ?? change.label,
          from: shown(change.field, change.old, change.old_label),
          to: shown(change.field, change.new, change.new_label),
        }),
      )
    return [verb?.(entry) ?? plain, ...changes].join('；')
  }
  return <EventTimeline query={query} wordsOf={wordsOf} />
}

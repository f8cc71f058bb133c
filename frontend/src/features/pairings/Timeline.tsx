import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ContactKind, Event, Pairing, PairingStatus } from '@/api/types'
import { EventTimeline } from '@/ui/facts/EventTimeline'
import { pairingEventsQuery } from './queries'

/** The life of one pairing. */
export function Timeline({ pairing }: { pairing: Pairing }) {
  const { t, i18n } = useTranslation()
  const query = useQuery(pairingEventsQuery(pairing.id))
  const wordsOf = (event: Event): string => {
    const status = event.to_status as PairingStatus | ''
    const known = i18n.exists(`pairings.verbs.${event.verb}`)
    const verb = t(`pairings.verbs.${known ? (event.verb as 'moved') : 'moved'}`)
    const {
      kind,
      contact_date: date,
      title,
    } = (event.payload ?? {}) as { kind?: ContactKind; contact_date?: string; title?: string }
    if (kind && date) return `${verb}：${date} ${t(`pairings.contacts.kind.${kind}`)}`
    if (title) return `${verb}：${title}`
    return status ? `${verb}，${t('pairings.became', { status: t(`pairings.status.${status}`) })}` : verb
  }
  return <EventTimeline query={query} wordsOf={wordsOf} />
}

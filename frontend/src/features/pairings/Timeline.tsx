import { useTranslation } from 'react-i18next'
import type { HistoryEntry, Pairing, PairingStatus } from '@/api/types'
import { History } from '@/ui/facts/History'

/** The life of one pairing. */
export function Timeline({ pairing }: { pairing: Pairing }) {
  const { t, i18n } = useTranslation()
  const verb = (entry: HistoryEntry): string | undefined => {
    if (!i18n.exists(`pairings.verbs.${entry.verb}`) && !entry.to_status) return undefined
    const known = i18n.exists(`pairings.verbs.${entry.verb}`)
    const words = t(`pairings.verbs.${known ? (entry.verb as 'moved') : 'moved'}`)
    const status = entry.to_status as PairingStatus | ''
    return status ? `${words}，${t('pairings.became', { status: t(`pairings.status.${status}`) })}` : words
  }
  return <History type="pairings.pairing" id={pairing.id} verb={verb} />
}

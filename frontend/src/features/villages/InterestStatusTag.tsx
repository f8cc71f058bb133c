import { useTranslation } from 'react-i18next'
import type { InterestStatus } from '@/api/types'
import { Tag, type Tone } from '@/ui/facts/Tag'

const TONES: Record<InterestStatus, Tone> = { OPEN: 'info', TAKEN_UP: 'ok', WITHDRAWN: 'neutral' }

export function InterestStatusTag({ status }: { status: InterestStatus }) {
  const { t } = useTranslation()
  return <Tag tone={TONES[status]}>{t(`villages.interests.status.${status}`)}</Tag>
}

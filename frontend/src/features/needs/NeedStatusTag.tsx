import { useTranslation } from 'react-i18next'
import type { Need, NeedStatus } from '@/api/types'
import { Tag, type Tone } from '@/ui/facts/Tag'

const TONES: Record<NeedStatus, Tone> = {
  PROPOSED: 'info',
  REVIEWED: 'info',
  PUBLISHED: 'ok',
  RETURNED: 'danger',
  MET: 'neutral',
  WITHDRAWN: 'neutral',
}

export function NeedStatusTag({ need }: { need: Need }) {
  const { t } = useTranslation()
  const status = need.status ?? 'PROPOSED'
  return <Tag tone={TONES[status]}>{t(`needs.status.${status}`)}</Tag>
}

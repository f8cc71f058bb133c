import { useTranslation } from 'react-i18next'
import type { AgreementStatus } from '@/api/types'
import { Tag, type Tone } from '@/ui/facts/Tag'

const TONES: Record<AgreementStatus, Tone> = {
  DRAFT: 'neutral',
  OFFERED: 'info',
  SIGNED: 'ok',
  SUPERSEDED: 'neutral',
  VOID: 'danger',
}

export function AgreementStatusTag({ status }: { status: AgreementStatus }) {
  const { t } = useTranslation()
  return <Tag tone={TONES[status]}>{t(`agreements.status.${status}`)}</Tag>
}

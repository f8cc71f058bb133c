import { useTranslation } from 'react-i18next'
import type { Import, ImportStatus } from '@/api/types'
import { Tag, type Tone } from '@/ui/facts/Tag'

const TONES: Record<ImportStatus, Tone> = {
  READING: 'info',
  REFUSED: 'danger',
  FAULTY: 'warn',
  READY: 'info',
  COMMITTING: 'info',
  COMMITTED: 'ok',
  UNDOING: 'info',
  UNDONE: 'neutral',
  DISCARDED: 'neutral',
  FAILED: 'danger',
}

export function ImportStatusTag({ batch }: { batch: Pick<Import, 'status'> }) {
  const { t } = useTranslation()
  const status = batch.status ?? 'READING'
  return <Tag tone={TONES[status]}>{t(`exchange.status.${status}`)}</Tag>
}

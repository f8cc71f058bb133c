import { useTranslation } from 'react-i18next'
import type { CommitmentUnit } from '@/api/types'
import { formatCount } from '@/lib/format'
import { formatWan } from '@/lib/money'

/** A figure in the unit of its commitment: money in 万元, whatever is counted as a whole number. */
export function useAmount() {
  const { t } = useTranslation()
  return (unit: CommitmentUnit, value: string | number): string =>
    `${unit === 'YUAN' ? formatWan(String(value)) : formatCount(Number(value))} ${t(`commitments.unit.${unit}`)}`
}

export function Amount({ unit, value }: { unit: CommitmentUnit; value: string | number }) {
  const amount = useAmount()
  return <span style={{ whiteSpace: 'nowrap' }}>{amount(unit, value)}</span>
}

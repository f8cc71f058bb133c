import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { CommitmentUnit, LedgerEntry } from '@/api/types'
import { amountRule, WanInput, yuanOf } from '@/ui/form/WanInput'

/** How the API calls the field, for `showProblems`. */
export const FIGURE_NAMES = { amount_yuan: 'amount', quantity: 'amount' } as const

/** What is typed as one figure, as the API wants it: yuan for money, a whole number otherwise. */
export function figureOf(unit: CommitmentUnit, typed: string): { amount_yuan: string | null; quantity: number | null } {
  return unit === 'YUAN'
    ? { amount_yuan: yuanOf(typed), quantity: null }
    : { amount_yuan: null, quantity: Number(typed) }
}

/** What an entry counts, in the unit of its commitment. */
export const figureIn = (entry: Pick<LedgerEntry, 'amount_yuan' | 'quantity'>): string =>
  entry.amount_yuan ?? String(entry.quantity ?? 0)

/** One figure in the unit of the commitment; `none` lets a count be zero, for what did not come. */
export function FigureField({ unit, label, none = false }: { unit: CommitmentUnit; label: string; none?: boolean }) {
  const { t } = useTranslation()
  if (unit === 'YUAN') {
    return (
      <Form.Item name="amount" label={label} required rules={[amountRule(t)]}>
        <WanInput />
      </Form.Item>
    )
  }
  const pattern = none ? /^\d{1,8}$/ : /^0*[1-9]\d{0,7}$/
  return (
    <Form.Item
      name="amount"
      label={label}
      rules={[
        { required: true, message: t('commitments.count.empty') },
        { pattern, message: t('commitments.count.not_a_number') },
      ]}
    >
      <Input inputMode="numeric" autoComplete="off" suffix={t(`commitments.unit.${unit}`)} />
    </Form.Item>
  )
}

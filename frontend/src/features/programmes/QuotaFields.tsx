import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { QUOTAS } from './draft'
import { type FieldsProps, labelOf } from './fields'
import classes from './PolicyEditor.module.css'
import { WholeNumber } from './WholeNumber'

const LARGEST = 50

export function QuotaFields({ channel, draft, before, change, disabled, faults }: FieldsProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={classes.quotas}>
      {QUOTAS.map(quota => (
        <div key={quota}>
          <label htmlFor={`${id}-${quota}`}>{t(labelOf(channel, quota))}</label>
          <WholeNumber
            id={`${id}-${quota}`}
            max={LARGEST}
            value={draft[quota]}
            was={before[quota]}
            unit={t('programmes.policy.pairs_unit')}
            disabled={disabled}
            fault={faults.some(fault => fault.field === quota) ? t('programmes.policy.order_fault') : undefined}
            onChange={value => change({ [quota]: value })}
          />
        </div>
      ))}
    </div>
  )
}

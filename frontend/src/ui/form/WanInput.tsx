import { Input, type InputProps } from 'antd'
import type { Rule } from 'antd/es/form'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { spellYuan, wanToYuan } from '@/lib/money'

type Props = Omit<InputProps, 'onChange' | 'value'> & { value?: string; onChange?: (value: string) => void }

/** An amount typed in 万元, read back in yuan. The value stays text until it is sent. Fits a Form.Item. */
export function WanInput({ value = '', onChange, ...rest }: Props) {
  const { t } = useTranslation()
  const parsed = wanToYuan(value)
  return (
    <>
      <Input
        {...rest}
        value={value}
        inputMode="decimal"
        autoComplete="off"
        suffix={t('common.wan')}
        onChange={event => onChange?.(event.target.value)}
      />
      {'yuan' in parsed && (
        <span className="aid">{t('commitments.form.equals', { yuan: spellYuan(parsed.yuan) })}</span>
      )}
    </>
  )
}

/** The rule of a Form.Item around it. */
export function amountRule(t: TFunction): Rule {
  return {
    validator: (_, value: string | undefined) => {
      const parsed = wanToYuan(value ?? '')
      return 'yuan' in parsed ? Promise.resolve() : Promise.reject(new Error(t(`commitments.amount.${parsed.fault}`)))
    },
  }
}

/** The same for a field that may stay empty. */
export function optionalAmountRule(t: TFunction): Rule {
  const checked = amountRule(t) as { validator: (rule: Rule, value: string | undefined) => Promise<void> }
  return { validator: (one, value: string | undefined) => (value ? checked.validator(one, value) : Promise.resolve()) }
}

/** The yuan of a value that the rule let through. */
export function yuanOf(wan: string): string {
  const parsed = wanToYuan(wan)
  if ('fault' in parsed) throw new RangeError(`unchecked amount: ${parsed.fault}`)
  return parsed.yuan
}

import { Button } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { COVERAGES } from './draft'
import { type FieldsProps, labelOf } from './fields'
import classes from './PolicyEditor.module.css'
import { WholeNumber } from './WholeNumber'

const LARGEST = 1_000_000
const STEPS = 10

export function CoverageFields({ channel, draft, before, change, disabled, faults }: FieldsProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={classes.coverages}>
      {COVERAGES.map(field => {
        const values = draft[field]
        const set = (at: number, value: number) => change({ [field]: values.map((one, i) => (i === at ? value : one)) })
        return (
          <fieldset key={field} className={classes.coverage}>
            <legend>{t(labelOf(channel, field))}</legend>
            {values.map((value, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity: the nth helper
              <div key={at} className={classes.step}>
                <span>{t('programmes.policy.nth', { n: at + 1 })}</span>
                <WholeNumber
                  id={`${id}-${field}-${at}`}
                  label={`${t(labelOf(channel, field))} ${t('programmes.policy.nth', { n: at + 1 })}`}
                  max={LARGEST}
                  step={1000}
                  value={value}
                  was={before[field][at]}
                  unit={t('programmes.policy.points')}
                  disabled={disabled}
                  onChange={next => set(at, next)}
                />
              </div>
            ))}
            {faults.some(fault => fault.field === field) && (
              <span className={classes.fault} role="alert">
                {t('programmes.policy.coverage_fault')}
              </span>
            )}
            {!disabled && (
              <div className={classes.stepActions}>
                {values.length < STEPS && (
                  <Button size="small" onClick={() => change({ [field]: [...values, values.at(-1) ?? 0] })}>
                    {t('programmes.policy.add_nth')}
                  </Button>
                )}
                {values.length > 1 && (
                  <Button size="small" onClick={() => change({ [field]: values.slice(0, -1) })}>
                    {t('programmes.policy.remove_nth')}
                  </Button>
                )}
              </div>
            )}
          </fieldset>
        )
      })}
    </div>
  )
}

import { Button, Slider } from 'antd'
import { useTranslation } from 'react-i18next'
import { rebalance, spread, total } from '@/lib/weights'
import { reasonsOf } from './draft'
import type { FieldsProps } from './fields'
import classes from './PolicyEditor.module.css'

export function WeightSliders({ channel, draft, before, change, disabled }: FieldsProps) {
  const { t } = useTranslation()
  const reasons = reasonsOf(channel)
  return (
    <div className={classes.weights}>
      {reasons.map(reason => {
        const value = draft.weights[reason] ?? 0
        const was = before.weights[reason] ?? 0
        return (
          <div key={reason} className={classes.weight}>
            <span className={classes.weightName} id={`weight-${reason}`}>
              {t(`reasons.${reason}`)}
            </span>
            <Slider
              min={0}
              max={100}
              value={value}
              disabled={disabled}
              ariaLabelledByForHandle={`weight-${reason}`}
              ariaValueTextFormatterForHandle={one => `${one}%`}
              tooltip={{ open: false }}
              onChange={next => change({ weights: rebalance(draft.weights, reason, next) })}
            />
            <output className={classes.weightValue}>{value}%</output>
            <span className={value === was ? classes.same : classes.changed}>
              {t('programmes.policy.was', { value: was })}
            </span>
          </div>
        )
      })}
      <div className={classes.weightFoot}>
        <span>{t('programmes.policy.weights_total', { total: total(draft.weights) })}</span>
        {!disabled && (
          <Button size="small" onClick={() => change({ weights: spread(reasons) })}>
            {t('programmes.policy.even')}
          </Button>
        )}
      </div>
    </div>
  )
}

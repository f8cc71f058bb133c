import { InputNumber } from 'antd'
import { formatCount } from '@/lib/format'
import classes from './PolicyEditor.module.css'

type Props = {
  id: string
  value: number
  was?: number
  max: number
  step?: number
  unit: string
  disabled: boolean
  fault?: string
  label?: string
  onChange: (value: number) => void
}

/** A whole number with its unit; what it was in the policy in force stands beside when it differs. */
export function WholeNumber({ id, value, was, max, step = 1, unit, disabled, fault, label, onChange }: Props) {
  return (
    <>
      <span className={classes.number}>
        <InputNumber
          id={id}
          min={0}
          max={max}
          step={step}
          precision={0}
          value={value}
          disabled={disabled}
          status={fault ? 'error' : undefined}
          aria-label={label}
          aria-describedby={fault ? `${id}-fault` : undefined}
          onChange={next => next !== null && onChange(next)}
        />
        <span>{unit}</span>
        {was !== undefined && was !== value && <span className={classes.changed}>← {formatCount(was)}</span>}
      </span>
      {fault && (
        <span id={`${id}-fault`} className={classes.fault} role="alert">
          {fault}
        </span>
      )}
    </>
  )
}

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatWan, headline } from '@/lib/money'
import classes from './Facts.module.css'

/** Name–value pairs of a record. */
export function Facts({ items, columns = 1 }: { items: [string, ReactNode][]; columns?: 1 | 2 | 3 }) {
  return (
    <dl className={`${classes.facts} ${classes[`columns${columns}`]}`}>
      {items.map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value ?? <Unknown />}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Figures of several stages in one line, each a `dt` and a `dd` in a `div`. */
export function StageFigures({ children }: { children: ReactNode }) {
  return <dl className={classes.stages}>{children}</dl>
}

/** Not known: never blank, never zero, never "no". */
export function Unknown() {
  const { t } = useTranslation()
  return <span className={classes.unknown}>{t('common.unknown')}</span>
}

/** An amount in 万元 with its unit, nothing rounded away. */
export function Wan({ yuan }: { yuan: string }) {
  const { t } = useTranslation()
  return (
    <span className={classes.amount}>
      {formatWan(yuan)} {t('common.wan')}
    </span>
  )
}

type FigureProps = {
  label: string
  value: ReactNode
  unit?: string
  hint?: ReactNode
  tone?: 'plain' | 'strong' | 'deep' | 'ok'
}

/** A headline number. */
export function Figure({ label, value, unit, hint, tone = 'plain' }: FigureProps) {
  return (
    <div className={classes.figure}>
      <dt>{label}</dt>
      <dd>
        <span className={`${classes.value} ${classes[tone]}`}>
          {value}
          {unit && <span className={classes.unit}>{unit}</span>}
        </span>
        {hint && <span className={classes.hint}>{hint}</span>}
      </dd>
    </div>
  )
}

/** `alarming`: there should be none of it; what there is stands out. */
export function MoneyFigure({
  yuan,
  alarming = false,
  ...rest
}: Omit<FigureProps, 'value' | 'unit'> & { yuan: string; alarming?: boolean }) {
  const { t } = useTranslation()
  const { figure, unit } = headline(yuan)
  const tone = alarming && Number(yuan) > 0 ? 'deep' : rest.tone
  return <Figure {...rest} tone={tone} value={figure} unit={t(`common.${unit}`)} />
}

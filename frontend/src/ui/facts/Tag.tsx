import type { ReactNode } from 'react'
import classes from './Tag.module.css'

export type Tone = 'neutral' | 'info' | 'ok' | 'warn' | 'danger' | 'deep' | 'poor'

/** A short mark; its words carry the meaning, its colour only repeats it. */
export function Tag({ tone = 'neutral', title, children }: { tone?: Tone; title?: string; children: ReactNode }) {
  return (
    <span className={`${classes.tag} ${classes[tone]}`} title={title}>
      {children}
    </span>
  )
}

import { type ReactNode, useId } from 'react'
import classes from './Panel.module.css'

type Props = {
  title?: ReactNode
  /** A short remark or a control on the right of the heading. */
  aside?: ReactNode
  note?: ReactNode
  flush?: boolean
  className?: string
  children: ReactNode
}

/** A section of a page with its own heading. `flush` lets a table or a map touch the edges. */
export function Panel({ title, aside, note, flush = false, className = '', children }: Props) {
  const id = useId()
  return (
    <section className={`${classes.panel} ${className}`} aria-labelledby={title ? id : undefined}>
      {(title || aside) && (
        <div className={classes.head}>
          {title && <h2 id={id}>{title}</h2>}
          {aside && <div className={classes.aside}>{aside}</div>}
        </div>
      )}
      {note && <p className={classes.note}>{note}</p>}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  )
}

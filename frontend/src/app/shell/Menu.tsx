import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import classes from './Menu.module.css'

type Props = {
  label: string
  face: ReactNode
  side?: 'down' | 'up'
  className?: string
  children: (close: () => void) => ReactNode
}

/** A button that opens a small sheet; Escape, a tap outside or a choice closes it and the focus returns. */
export function Menu({ label, face, side = 'down', className, children }: Props) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  useEffect(() => {
    if (!open) return
    const away = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    document.addEventListener('pointerdown', away)
    document.addEventListener('focusin', away)
    document.addEventListener('keydown', onEscape)
    return () => {
      document.removeEventListener('pointerdown', away)
      document.removeEventListener('focusin', away)
      document.removeEventListener('keydown', onEscape)
    }
  }, [open])
  return (
    <div ref={root} className={classes.menu}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <div id={id} className={`${classes.sheet} ${classes[side]}`}>
          {children(close)}
        </div>
      )}
    </div>
  )
}

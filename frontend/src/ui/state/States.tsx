import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { isProblem, Problem, Unreachable } from '@/api/problem'
import { useOnline } from '@/lib/media'
import classes from './States.module.css'

type MessageProps = {
  title: string
  children?: ReactNode
  action?: ReactNode
  tone?: 'calm' | 'danger'
  fill?: boolean
  /** Without the mark and the air around it, for small panels. */
  compact?: boolean
}

/** What happened, why, and what next: the shape of every empty and failed view. */
export function Message({ title, children, action, tone = 'calm', fill = false, compact = false }: MessageProps) {
  return (
    <div
      className={`${classes.message} ${classes[tone]} ${fill ? classes.fill : ''} ${compact ? classes.compact : ''}`}
    >
      {!compact && <Mark tone={tone} />}
      <p className={classes.title}>{title}</p>
      {children && <div className={classes.words}>{children}</div>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}

function Mark({ tone }: { tone: 'calm' | 'danger' }) {
  return (
    <svg className={classes.mark} viewBox="0 0 64 40" aria-hidden="true">
      <path d="M6 26c9-17 19-22 30-14" />
      <path d={tone === 'calm' ? 'M58 14c-9 17-19 22-30 14' : 'M60 20c-7 13-15 18-23 16'} className={classes.markTwo} />
    </svg>
  )
}

export function Empty({ title, children, action, compact }: Omit<MessageProps, 'tone' | 'fill'>) {
  return (
    <Message title={title} action={action} compact={compact}>
      {children}
    </Message>
  )
}

/** Grey lines where the content will stand; says so once to those who listen. */
export function Waiting({ lines = 4, label }: { lines?: number; label?: string }) {
  const { t } = useTranslation()
  return (
    <div className={classes.waiting} role="status" aria-busy="true">
      <span className="visually-hidden">{label ?? t('common.waiting')}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a skeleton have no identity
        <span key={line} className={classes.bone} style={{ width: `${92 - ((line * 23) % 48)}%` }} aria-hidden="true" />
      ))}
    </div>
  )
}

export function useReason(): (error: unknown) => string {
  const { t } = useTranslation()
  const online = useOnline()
  return error => {
    if (!online) return t('common.states.offline')
    if (error instanceof Unreachable) return t('common.states.unreachable')
    if (error instanceof Problem) return error.status >= 500 ? t('common.states.server') : error.message
    return error instanceof Error ? error.message : String(error)
  }
}

/** A view whose question was refused or lost. */
export function Failed({ error, retry, fill }: { error: unknown; retry?: () => void; fill?: boolean }) {
  const { t } = useTranslation()
  const reason = useReason()
  if (isProblem(error, 403)) return <ForbiddenMessage why={error.message} fill={fill} />
  if (isProblem(error, 404)) return <MissingMessage why={error.message} fill={fill} />
  return (
    <div role="alert">
      <Message
        tone="danger"
        title={t('common.states.failed_title')}
        fill={fill}
        action={retry && <Button onClick={retry}>{t('common.retry')}</Button>}
      >
        {reason(error)}
      </Message>
    </div>
  )
}

export function ForbiddenMessage({ why, fill }: { why?: string; fill?: boolean }) {
  const { t } = useTranslation()
  return (
    <Message
      title={t('common.states.forbidden_title')}
      fill={fill}
      action={<Link to="/">{t('common.states.home')}</Link>}
    >
      {why && <p>{why}</p>}
      <p>{t('common.states.forbidden_next')}</p>
    </Message>
  )
}

export function MissingMessage({ why, fill }: { why?: string; fill?: boolean }) {
  const { t } = useTranslation()
  return (
    <Message
      title={t('common.states.missing_title')}
      fill={fill}
      action={<Link to="/">{t('common.states.home')}</Link>}
    >
      {why && <p>{why}</p>}
      <p>{t('common.states.missing_next')}</p>
    </Message>
  )
}

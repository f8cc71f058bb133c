import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conflict } from '@/api/types'
import { useLanguage } from '@/lib/i18n'
import classes from './ConflictWords.module.css'

const AT_ONCE = 8

/** What contradicts what, in numbers, and the cheapest way out; `children` are what can be done about it. */
export function ConflictWords({ conflict, children }: { conflict: Conflict; children?: ReactNode }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const changes = conflict.cure?.changes ?? []
  const lines = changes.map(change => (language === 'en' ? change.en : change.zh))
  return (
    <div className={classes.conflict} role="alert">
      <p className={classes.message}>{(language === 'en' && conflict.message_en) || conflict.message}</p>
      {lines.length > 0 && (
        <>
          <h3>{t('common.conflict.cure', { count: changes.length, cost: conflict.cure?.cost ?? 0 })}</h3>
          <Lines lines={lines.slice(0, AT_ONCE)} />
          {lines.length > AT_ONCE && (
            <details>
              <summary>{t('common.conflict.rest', { count: lines.length - AT_ONCE })}</summary>
              <Lines lines={lines.slice(AT_ONCE)} />
            </details>
          )}
          <div className={classes.ways}>{children}</div>
        </>
      )}
    </div>
  )
}

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <ul className={classes.lines}>
      {lines.map(line => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}

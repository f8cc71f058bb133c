import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Failed, useReason, Waiting } from './States'
import classes from './States.module.css'

type Props<T> = {
  query: UseQueryResult<T, Error>
  /** When the answer counts as nothing, and what is said then (with the next step). */
  isEmpty?: (data: T) => boolean
  empty?: ReactNode
  waiting?: ReactNode
  fill?: boolean
  children: (data: T) => ReactNode
}

/** The four states of every view over the network: waiting, failed, empty, data. */
export function QueryView<T>({ query, isEmpty, empty, waiting, fill, children }: Props<T>) {
  const { t } = useTranslation()
  const reason = useReason()
  if (query.data === undefined) {
    if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} fill={fill} />
    return waiting ?? <Waiting />
  }
  return (
    <>
      {query.isError && (
        <p className={classes.stale} role="status">
          {t('common.states.stale')} {reason(query.error)}
        </p>
      )}
      {isEmpty?.(query.data) ? empty : children(query.data)}
    </>
  )
}

import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Suggestion } from '@/api/types'
import { useReason } from '@/ui/state/States'

/** Say something of several suggestions one after another, each on its own; failures are told at the end. */
export function useBulk(onDone: () => void) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  /** How many are done, null while nothing is under way. */
  const [done, setDone] = useState<number | null>(null)
  const all = async (chosen: readonly Suggestion[], say: (one: Suggestion) => Promise<unknown>) => {
    const failures: unknown[] = []
    for (const [at, one] of chosen.entries()) {
      setDone(at)
      await say(one).catch(error => failures.push(error))
    }
    setDone(null)
    onDone()
    const fine = chosen.length - failures.length
    if (fine > 0) void message.success(t('review.bulk_done', { done: fine }))
    if (failures.length > 0) {
      void message.error(t('review.bulk_failed', { count: failures.length, why: reason(failures[0]) }), 8)
    }
  }
  return { done, all }
}

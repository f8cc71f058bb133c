import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '@/api/session'
import type { Suggestion } from '@/api/types'
import { ActionButton } from '@/ui/form/ActionButton'
import { useReason } from '@/ui/state/States'
import { useDecide, type Verdict } from './queries'
import { RefuseDialog } from './RefuseDialog'
import classes from './Review.module.css'

type Props = { run: number; chosen: Suggestion[]; onDone: () => void }

/** Decide on several with one reason: one after another, each its own decision, failures told at the end. */
export function BulkBar({ run, chosen, onDone }: Props) {
  const { t } = useTranslation()
  const user = useUser()
  const reason = useReason()
  const { message } = App.useApp()
  const decide = useDecide(run)
  const [refusing, setRefusing] = useState(false)
  const [done, setDone] = useState<number | null>(null)
  const why = user.role !== 'COORDINATOR' && t('review.role_why')

  const all = async (verdict: Verdict, words: string) => {
    setRefusing(false)
    const failures: unknown[] = []
    for (const [at, one] of chosen.entries()) {
      setDone(at)
      await decide.mutateAsync({ id: one.id, verdict, reason: words }).catch(error => failures.push(error))
    }
    setDone(null)
    onDone()
    const fine = chosen.length - failures.length
    if (fine > 0) void message.success(t('review.bulk_done', { done: fine }))
    if (failures.length > 0) {
      void message.error(t('review.bulk_failed', { count: failures.length, why: reason(failures[0]) }), 8)
    }
  }
  return (
    <div className={classes.bulk} role="status">
      <strong>
        {done === null
          ? t('review.selected', { count: chosen.length })
          : t('review.bulk_progress', { done, total: chosen.length })}
      </strong>
      <ActionButton type="primary" why={why} loading={done !== null} onClick={() => void all('ACCEPTED', '')}>
        {t('review.bulk_accept')}
      </ActionButton>
      <ActionButton danger why={why} onClick={() => setRefusing(true)}>
        {t('review.bulk_refuse')}
      </ActionButton>
      <Button type="link" disabled={done !== null} onClick={onDone}>
        {t('review.bulk_clear')}
      </Button>
      <RefuseDialog
        open={refusing}
        title={t('review.refuse_bulk_title', { count: chosen.length })}
        pending={decide.isPending}
        onCancel={() => setRefusing(false)}
        onSubmit={words => void all('REFUSED', words)}
      />
    </div>
  )
}

import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '@/api/session'
import type { Suggestion } from '@/api/types'
import { ActionButton } from '@/ui/form/ActionButton'
import { AssignDialog } from './AssignDialog'
import { useDecide, type Verdict } from './queries'
import { RefuseDialog } from './RefuseDialog'
import classes from './Review.module.css'
import { useBulk } from './useBulk'

type Props = { run: number; chosen: Suggestion[]; onDone: () => void }

/** Decide on several with one reason: one after another, each its own decision, failures told at the end. */
export function BulkBar({ run, chosen, onDone }: Props) {
  const { t } = useTranslation()
  const user = useUser()
  const decide = useDecide(run)
  const { done, all } = useBulk(onDone)
  const [asking, setAsking] = useState<'refuse' | 'assign' | null>(null)
  const why = user.role !== 'COORDINATOR' && t('review.role_why')

  const say = (verdict: Verdict, reason: string) => {
    setAsking(null)
    void all(chosen, one => decide.mutateAsync({ id: one.id, verdict, reason }))
  }
  return (
    <div className={classes.bulk} role="status">
      <strong>
        {done === null
          ? t('review.selected', { count: chosen.length })
          : t('review.bulk_progress', { done, total: chosen.length })}
      </strong>
      <ActionButton type="primary" why={why} loading={done !== null} onClick={() => say('ACCEPTED', '')}>
        {t('review.bulk_accept')}
      </ActionButton>
      <ActionButton danger why={why} onClick={() => setAsking('refuse')}>
        {t('review.bulk_refuse')}
      </ActionButton>
      <ActionButton why={why} onClick={() => setAsking('assign')}>
        {t('review.assign.chosen')}
      </ActionButton>
      <Button type="link" disabled={done !== null} onClick={onDone}>
        {t('review.bulk_clear')}
      </Button>
      <RefuseDialog
        open={asking === 'refuse'}
        title={t('review.refuse_bulk_title', { count: chosen.length })}
        pending={decide.isPending}
        onCancel={() => setAsking(null)}
        onSubmit={words => say('REFUSED', words)}
      />
      {asking === 'assign' && (
        <AssignDialog
          run={run}
          meant={{ suggestions: chosen.map(one => one.id) }}
          title={t('review.assign.ask', { count: chosen.length })}
          onClose={() => setAsking(null)}
          onDone={onDone}
        />
      )}
    </div>
  )
}

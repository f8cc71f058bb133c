import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '@/api/session'
import type { Suggestion } from '@/api/types'
import { ActionButton } from '@/ui/form/ActionButton'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import classes from './PublishBar.module.css'
import { type Looking, useLook } from './queries'
import { useBulk } from './useBulk'

type Props = {
  run: number
  /** How many acceptances of the run wait for a second person. */
  count: number
  /** Those at hand; of these, the ones in `marked` go alone. */
  waiting: Suggestion[]
  marked: ReadonlySet<number>
  onDone: () => void
}

/** Acceptances that a second person confirms or sends back, all of them or those chosen; one's own are left out. */
export function SecondLookBar({ run, count, waiting, marked, onDone }: Props) {
  const { t } = useTranslation()
  const { role } = useUser()
  const look = useLook(run)
  const { done, all } = useBulk(onDone)
  const [asking, setAsking] = useState(false)
  if (count === 0) return null
  const others = waiting.filter(one => !one.decided_by_me)
  const chosen = others.filter(one => marked.has(one.id))
  const going = chosen.length > 0 ? chosen : others
  const which = chosen.length > 0 ? '_chosen' : going.length > 0 ? '_all' : ''
  const why = role !== 'COORDINATOR' ? t('review.role_why') : others.length === 0 && t('review.second.own_why')
  const say = (step: Looking['step'], reason: string) => {
    setAsking(false)
    void all(going, one => look.mutateAsync({ id: one.id, step, reason }))
  }
  return (
    <section className={classes.bar} aria-label={t('review.second.title')}>
      <div className={classes.head}>
        <span>
          <strong>
            {done === null
              ? t('review.second.waiting', { count })
              : t('review.bulk_progress', { done, total: going.length })}
          </strong>
          <span className={classes.hint}>{t('review.second.means')}</span>
        </span>
        <span className={classes.ways}>
          <ActionButton type="primary" why={why} loading={done !== null} onClick={() => say('CONFIRM', '')}>
            {t(`review.second.confirm${which}`, { count: going.length })}
          </ActionButton>
          <ActionButton why={why} onClick={() => setAsking(true)}>
            {t(`review.second.send_back${which}`, { count: going.length })}
          </ActionButton>
        </span>
      </div>
      <ReasonDialog
        open={asking}
        title={t('review.second.send_back_ask', { count: going.length })}
        hint={t('review.second.hint')}
        missing={t('review.second.missing')}
        submit={t('review.second.send_back')}
        pending={look.isPending}
        onCancel={() => setAsking(false)}
        onSubmit={words => say('UNDO', words)}
      >
        <p>{t('review.second.undo_means')}</p>
      </ReasonDialog>
    </section>
  )
}

import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '@/api/session'
import type { Suggestion } from '@/api/types'
import { formatTime } from '@/lib/format'
import { Tag } from '@/ui/facts/Tag'
import { ActionButton } from '@/ui/form/ActionButton'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { useReason } from '@/ui/state/States'
import { standingOf } from './filtering'
import { type Looking, useLook } from './queries'
import classes from './Review.module.css'

type Props = {
  run: number
  suggestion: Suggestion
  blocked: string | null
  pending: boolean
  onAccept: () => void
  onRefuse: () => void
}

/** What can be said of a suggestion now: decide on it, or look again at an acceptance that nobody has heard of. */
export function Verdict({ run, suggestion, blocked, pending, onAccept, onRefuse }: Props) {
  const { t } = useTranslation()
  const standing = standingOf(suggestion)
  if (standing === 'AWAITS_SECOND' || standing === 'ACCEPTED') return <Look run={run} suggestion={suggestion} />
  return (
    <>
      <ActionButton type="primary" size="large" why={blocked} loading={pending} onClick={onAccept}>
        {t('review.accept')}
      </ActionButton>
      <ActionButton size="large" danger why={blocked} onClick={onRefuse}>
        {t('review.refuse')}
      </ActionButton>
    </>
  )
}

/** Confirm it as the second person, send it back, or take one's own back. */
function Look({ run, suggestion }: { run: number; suggestion: Suggestion }) {
  const { t } = useTranslation()
  const { role } = useUser()
  const reason = useReason()
  const { message } = App.useApp()
  const look = useLook(run)
  const [asking, setAsking] = useState(false)
  const { awaits_second, decided_by_me } = suggestion
  const undo = decided_by_me ? 'take_back' : 'send_back'
  const why = role !== 'COORDINATOR' && t('review.role_why')
  const say = (step: Looking['step'], words: string) =>
    look.mutate(
      { id: suggestion.id, step, reason: words },
      {
        onSuccess: () => {
          setAsking(false)
          void message.success(t(step === 'CONFIRM' ? 'review.second.confirmed' : 'review.second.undone'))
        },
        onError: error => !asking && void message.error(reason(error)),
      },
    )
  return (
    <>
      {awaits_second && (
        <ActionButton
          type="primary"
          size="large"
          why={why || (decided_by_me && t('review.second.own_why'))}
          loading={look.isPending}
          onClick={() => say('CONFIRM', '')}
        >
          {t('review.second.confirm')}
        </ActionButton>
      )}
      <ActionButton size="large" danger why={why} onClick={() => setAsking(true)}>
        {t(`review.second.${undo}`)}
      </ActionButton>
      <ReasonDialog
        open={asking}
        title={t(`review.second.${undo}_why`)}
        hint={t('review.second.hint')}
        missing={t('review.second.missing')}
        submit={t(`review.second.${undo}`)}
        pending={look.isPending}
        error={look.error && reason(look.error)}
        onCancel={() => {
          setAsking(false)
          look.reset()
        }}
        onSubmit={words => say('UNDO', words)}
      >
        <p>{t('review.second.undo_means')}</p>
      </ReasonDialog>
    </>
  )
}

/** Every decision about a suggestion with what others said of it, oldest first. */
export function History({ suggestion }: { suggestion: Suggestion }) {
  const { t } = useTranslation()
  return (
    <>
      {suggestion.history.map(one => (
        <div key={one.at} className={classes.decision}>
          <Tag tone={one.verdict === 'ACCEPTED' ? 'ok' : 'danger'}>{t(`review.verdict.${one.verdict}`)}</Tag> {one.by}，
          {formatTime(one.at)}
          {one.reason && `：${one.reason}`}
          {one.looks.map(said => (
            <p key={said.at} className={classes.look}>
              <Tag tone={said.outcome === 'CONFIRMED' ? 'ok' : 'warn'}>
                {t(`review.second.outcome.${said.outcome}`)}
              </Tag>{' '}
              {said.by}，{formatTime(said.at)}
              {said.reason && `：${said.reason}`}
            </p>
          ))}
        </div>
      ))}
    </>
  )
}

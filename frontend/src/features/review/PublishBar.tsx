import { App, Input, Modal } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '@/api/session'
import type { Publication, Review, Suggestion } from '@/api/types'
import { formatTime } from '@/lib/format'
import { ActionButton } from '@/ui/form/ActionButton'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { useReason } from '@/ui/state/States'
import classes from './PublishBar.module.css'
import { usePublish, useTakeBack } from './queries'

type Props = {
  run: number
  state: Review
  /** Suggestions that wait to be published; of these, those in `marked` go alone. */
  accepted: Suggestion[]
  marked: ReadonlySet<number>
  onDone: () => void
}

/** From accepted suggestions to proposals that both sides receive, and back while nobody has answered. */
export function PublishBar({ run, state, accepted, marked, onDone }: Props) {
  const { t } = useTranslation()
  const { role } = useUser()
  const [asking, setAsking] = useState(false)
  if (accepted.length === 0 && state.publications.length === 0) return null
  const chosen = accepted.filter(one => marked.has(one.id))
  const going = chosen.length > 0 ? chosen : accepted
  const why = role !== 'COORDINATOR' && t('review.role_why')
  return (
    <section className={classes.bar} aria-label={t('review.publish.title')}>
      <div className={classes.head}>
        <strong>
          {accepted.length > 0 ? t('review.publish.waiting', { count: accepted.length }) : t('review.publish.none')}
        </strong>
        {accepted.length > 0 && (
          <ActionButton type="primary" why={why} onClick={() => setAsking(true)}>
            {t(chosen.length > 0 ? 'review.publish.chosen' : 'review.publish.all', { count: going.length })}
          </ActionButton>
        )}
      </div>
      {state.publications.length > 0 && <Published run={run} publications={state.publications} />}
      {asking && <Confirm run={run} going={going} onClose={() => setAsking(false)} onDone={onDone} />}
    </section>
  )
}

type ConfirmProps = { run: number; going: Suggestion[]; onClose: () => void; onDone: () => void }

/** What publishing means, before it is done: whom it reaches, and that it is all or none. */
function Confirm({ run, going, onClose, onDone }: ConfirmProps) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const publish = usePublish(run)
  const [note, setNote] = useState('')
  const id = useId()
  const helpers = new Set(going.map(one => one.helper.id)).size
  const counties = new Set(going.map(one => one.recipient.code)).size
  const send = () =>
    publish.mutate(
      { suggestions: going.map(one => one.id), note },
      {
        onSuccess: () => {
          void message.success(t('review.publish.done', { count: going.length }))
          onDone()
          onClose()
        },
      },
    )
  return (
    <Modal
      open
      title={t('review.publish.ask', { count: going.length })}
      okText={t('review.publish.submit')}
      cancelText={t('common.cancel')}
      confirmLoading={publish.isPending}
      onOk={send}
      onCancel={onClose}
    >
      <p>{t('review.publish.means', { helpers, counties })}</p>
      <div className={classes.note}>
        <label htmlFor={id}>{t('review.publish.note')}</label>
        <Input.TextArea
          id={id}
          value={note}
          maxLength={500}
          autoSize={{ minRows: 2, maxRows: 6 }}
          onChange={event => setNote(event.target.value)}
        />
      </div>
      {publish.error && (
        <p role="alert" className={classes.error}>
          {reason(publish.error)}
        </p>
      )}
    </Modal>
  )
}

function Published({ run, publications }: { run: number; publications: readonly Publication[] }) {
  const { t } = useTranslation()
  const { role } = useUser()
  const reason = useReason()
  const { message } = App.useApp()
  const takeBack = useTakeBack(run)
  const [asked, setAsked] = useState<Publication | null>(null)
  const whyNot = (one: Publication) =>
    role !== 'COORDINATOR' ? t('review.role_why') : one.open === 0 && t('review.publish.nothing_open')
  return (
    <>
      <ul className={classes.list}>
        {publications.map(one => (
          <li key={one.id}>
            <span>
              {t('review.publish.line', { at: formatTime(one.at), by: one.by, pairs: one.pairs })}
              {one.note && <small>{one.note}</small>}
            </span>
            <span className={classes.counts}>
              {t('review.publish.counts', {
                answered: one.pairs - one.open - one.taken_back,
                open: one.open,
                back: one.taken_back,
              })}
            </span>
            <ActionButton size="small" why={whyNot(one)} onClick={() => setAsked(one)}>
              {t('review.publish.take_back')}
            </ActionButton>
          </li>
        ))}
      </ul>
      <ReasonDialog
        open={asked !== null}
        title={t('review.publish.take_back_ask', { count: asked?.open ?? 0 })}
        hint={t('review.publish.take_back_hint')}
        missing={t('review.publish.take_back_missing')}
        submit={t('review.publish.take_back')}
        pending={takeBack.isPending}
        error={takeBack.error && reason(takeBack.error)}
        onCancel={() => {
          setAsked(null)
          takeBack.reset()
        }}
        onSubmit={words =>
          asked &&
          takeBack.mutate(
            { publication: asked.id, reason: words },
            {
              onSuccess: () => {
                setAsked(null)
                void message.success(t('review.publish.taken_back'))
              },
            },
          )
        }
      >
        <p>{t('review.publish.take_back_means')}</p>
      </ReasonDialog>
    </>
  )
}

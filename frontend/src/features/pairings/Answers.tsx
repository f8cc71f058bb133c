import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '@/api/session'
import type { Pairing, Side } from '@/api/types'
import { formatTime } from '@/lib/format'
import { Tag } from '@/ui/facts/Tag'
import { ActionButton } from '@/ui/form/ActionButton'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import classes from './Pairings.module.css'
import { useAcknowledge } from './queries'

const SIDES: Side[] = ['HELPER', 'RECIPIENT']

/** What each side said, and the reader's own answer where one is due. */
export function Answers({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('pairings.answers')}>
      <div className={classes.sides}>
        {SIDES.map(side => (
          <SideAnswer key={side} pairing={pairing} side={side} />
        ))}
      </div>
      <MyAnswer pairing={pairing} />
    </Panel>
  )
}

function SideAnswer({ pairing, side }: { pairing: Pairing; side: Side }) {
  const { t } = useTranslation()
  const answer = pairing.acknowledgements.find(one => one.side === side)
  const fromPublication = pairing.origin === 'SOURCED' && pairing.status !== 'PROPOSED' && !answer
  return (
    <div className={`${classes.side} ${pairing.my_side === side ? classes.mine : ''}`}>
      <h3>
        {t(`common.side.${side}`)}
        {pairing.my_side === side && `（${t('pairings.your_side')}）`}
      </h3>
      <p className={classes.name}>{side === 'HELPER' ? pairing.helper.name : pairing.recipient.full_name}</p>
      {answer ? (
        <>
          <Tag tone={answer.answer === 'ACKNOWLEDGED' ? 'ok' : 'danger'}>{t(`pairings.answer.${answer.answer}`)}</Tag>
          <p className={classes.small}>
            {answer.by}，{formatTime(answer.at)}
          </p>
          {answer.reason && <blockquote>{answer.reason}</blockquote>}
        </>
      ) : (
        <>
          <Tag>{t('pairings.not_answered')}</Tag>
          {fromPublication && <p className={classes.small}>{t('pairings.needs_no_answer')}</p>}
        </>
      )}
    </div>
  )
}

function MyAnswer({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const user = useUser()
  const reason = useReason()
  const { message } = App.useApp()
  const [objecting, setObjecting] = useState(false)
  const acknowledge = useAcknowledge(pairing)
  const mine = pairing.my_side
  const answered = pairing.acknowledgements.some(one => one.side === mine)
  // Those who could never answer are not shown a row of refused buttons.
  if (!mine && !['PARTNER', 'RECIPIENT'].includes(user.role)) return null
  const why = !mine
    ? t('pairings.why_not_side')
    : answered
      ? t('pairings.why_answered')
      : pairing.status !== 'PROPOSED' && pairing.status !== 'IN_FORCE'
        ? t('pairings.why_status', { status: t(`pairings.status.${pairing.status}`) })
        : null
  if (why) return <p className={classes.why}>{why}</p>
  return (
    <>
      <div className={classes.answer}>
        <ActionButton
          type="primary"
          size="large"
          loading={acknowledge.isPending && !objecting}
          onClick={() =>
            acknowledge.mutate(
              { answer: 'ACKNOWLEDGED', reason: '' },
              { onSuccess: () => void message.success(t('pairings.acknowledged_toast')) },
            )
          }
        >
          {t('pairings.acknowledge')}
        </ActionButton>
        <ActionButton size="large" onClick={() => setObjecting(true)}>
          {t('pairings.object')}
        </ActionButton>
      </div>
      {acknowledge.error && !objecting && (
        <p role="alert" className={classes.error}>
          {reason(acknowledge.error)}
        </p>
      )}
      <ReasonDialog
        open={objecting}
        title={t('pairings.object_title')}
        hint={t('pairings.object_hint')}
        missing={t('pairings.object_missing')}
        submit={t('pairings.object_submit')}
        pending={acknowledge.isPending}
        error={acknowledge.error && reason(acknowledge.error)}
        onCancel={() => setObjecting(false)}
        onSubmit={words =>
          acknowledge.mutate(
            { answer: 'OBJECTED', reason: words },
            {
              onSuccess: () => {
                setObjecting(false)
                void message.success(t('pairings.objected_toast'))
              },
            },
          )
        }
      />
    </>
  )
}

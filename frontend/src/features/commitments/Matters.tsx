import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CommitmentDetail, LedgerEntry } from '@/api/types'
import { useAmount } from '@/ui/facts/Amount'
import { Tag } from '@/ui/facts/Tag'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import classes from './Commitments.module.css'
import { figureIn } from './FigureField'
import { useAgree, useExplain } from './queries'

type Discrepancy = LedgerEntry['discrepancies'][number]
type Request = LedgerEntry['reversal_requests'][number]

/** Everything about the commitment that two sides still have to settle. */
export function Matters({ commitment }: { commitment: CommitmentDetail }) {
  const { t } = useTranslation()
  const open = commitment.entries.flatMap(entry => [
    ...entry.discrepancies
      .filter(one => one.status === 'OPEN' || one.status === 'EXPLAINED')
      .map(one => <Difference key={`d${one.id}`} commitment={commitment} entry={entry} matter={one} />),
    ...entry.reversal_requests
      .filter(one => one.status === 'REQUESTED')
      .map(one => <Reversal key={`r${one.id}`} commitment={commitment} entry={entry} request={one} />),
  ])
  return open.length === 0 ? null : <Panel title={t('commitments.matters')}>{open}</Panel>
}

type DifferenceProps = { commitment: CommitmentDetail; entry: LedgerEntry; matter: Discrepancy }

function Difference({ commitment, entry, matter }: DifferenceProps) {
  const { t } = useTranslation()
  const amount = useAmount()
  const seen = entry.confirmation ? amount(commitment.unit, figureIn(entry.confirmation)) : ''
  return (
    <article className={classes.matter}>
      <h3>
        {t(`commitments.matter.${matter.kind}`)}{' '}
        <Tag tone={matter.status === 'OPEN' ? 'danger' : 'info'}>{t(`commitments.matter_status.${matter.status}`)}</Tag>
      </h3>
      <p>
        {matter.kind === 'AMOUNT'
          ? t('commitments.matter.amount_lead', { reported: amount(commitment.unit, figureIn(entry)), seen })
          : t('commitments.matter.duplicate_lead', { reference: entry.reference })}
      </p>
      {entry.confirmation?.reason && <p className={classes.small}>{entry.confirmation.reason}</p>}
      {matter.explanation && (
        <p>{t('commitments.matter.said', { by: matter.explained_by, explanation: matter.explanation })}</p>
      )}
      {matter.my_steps.includes('EXPLAIN') && <Explain id={matter.id} />}
      {matter.my_steps.includes('SETTLE') && <Agree what="discrepancies" id={matter.id} />}
    </article>
  )
}

type ReversalProps = { commitment: CommitmentDetail; entry: LedgerEntry; request: Request }

function Reversal({ commitment, entry, request }: ReversalProps) {
  const { t } = useTranslation()
  const amount = useAmount()
  return (
    <article className={classes.matter}>
      <h3>{t('commitments.matter.REVERSAL')}</h3>
      <p>
        {t('commitments.matter.reversal_lead', {
          by: request.requested_by,
          amount: amount(commitment.unit, figureIn(entry)),
          reason: request.reason,
        })}
      </p>
      {request.my_steps.includes('ANSWER_REVERSAL') && <Agree what="reversal-requests" id={request.id} />}
    </article>
  )
}

function Explain({ id }: { id: number }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const explain = useExplain(id)
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('commitments.steps.EXPLAIN')}</Button>
      <ReasonDialog
        open={open}
        title={t('commitments.ask.EXPLAIN.title')}
        hint={t('commitments.ask.EXPLAIN.hint')}
        submit={t('commitments.steps.EXPLAIN')}
        missing={t('commitments.ask.missing')}
        pending={explain.isPending}
        error={explain.error && reason(explain.error)}
        onCancel={() => setOpen(false)}
        onSubmit={words =>
          explain.mutateAsync({ explanation: words }).then(
            () => {
              setOpen(false)
              void message.success(t('commitments.step_done.EXPLAIN'))
            },
            () => undefined, // said in the dialog
          )
        }
      />
    </>
  )
}

/** Agree with one tap, or say why not. */
function Agree({ what, id }: { what: 'discrepancies' | 'reversal-requests'; id: number }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [refusing, setRefusing] = useState(false)
  const answer = useAgree(what, id)
  const send = (agree: boolean, words: string) =>
    // A promise and not a callback of the mutation: the settled matter takes this component off the page.
    answer.mutateAsync({ agree, reason: words }).then(
      () => void message.success(t('commitments.step_done.ANSWER')),
      () => undefined, // said below, or in the dialog
    )
  return (
    <>
      {answer.error && !refusing && (
        <p role="alert" className={classes.error}>
          {reason(answer.error)}
        </p>
      )}
      <div className={classes.actions}>
        <Button type="primary" loading={answer.isPending && !refusing} onClick={() => void send(true, '')}>
          {t('commitments.steps.AGREE')}
        </Button>
        <Button onClick={() => setRefusing(true)}>{t('commitments.steps.REFUSE')}</Button>
      </div>
      <ReasonDialog
        open={refusing}
        title={t('commitments.ask.REFUSE.title')}
        hint={t('commitments.ask.REFUSE.hint')}
        submit={t('commitments.steps.REFUSE')}
        missing={t('commitments.ask.missing')}
        pending={answer.isPending}
        error={answer.error && reason(answer.error)}
        onCancel={() => setRefusing(false)}
        onSubmit={words => void send(false, words)}
      />
    </>
  )
}

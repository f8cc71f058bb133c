import { App, Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CommitmentDetail, CommitmentUnit, LedgerEntry } from '@/api/types'
import { Amount, useAmount } from '@/ui/facts/Amount'
import { showProblems } from '@/ui/form/problems'
import { useReason } from '@/ui/state/States'
import classes from './Commitments.module.css'
import { FIGURE_NAMES, FigureField, figureIn, figureOf } from './FigureField'
import { useAnswerEntry } from './queries'

type Props = { commitment: CommitmentDetail; entry: LedgerEntry }

/** Money the other side says it sent: received in full with one tap, or what was seen instead. */
export function AnswerArrival({ commitment, entry }: Props) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [disputing, setDisputing] = useState(false)
  const answer = useAnswerEntry(entry.id)
  const amount = useAmount()
  const figure = figureIn(entry)
  return (
    <section className={classes.answer} aria-labelledby={`entry-${entry.id}`}>
      <h2 id={`entry-${entry.id}`}>
        {t('commitments.confirm_title', {
          side: commitment[entry.reported_by_side === 'HELPER' ? 'helper' : 'recipient'].name,
        })}
      </h2>
      <p className={classes.answerAmount}>
        <Amount unit={commitment.unit} value={figure} />
      </p>
      <p className={classes.small}>
        {commitment.title}，{entry.occurred_date}
        {entry.reference && `，${t('commitments.fields.reference')} ${entry.reference}`}
      </p>
      {answer.error && !disputing && (
        <p role="alert" className={classes.error}>
          {reason(answer.error)}
        </p>
      )}
      <div className={classes.actions}>
        <Button
          type="primary"
          size="large"
          loading={answer.isPending && !disputing}
          onClick={() =>
            // A promise and not a callback of the mutation: the answered entry takes this component off the page.
            answer.mutateAsync({ answer: 'CONFIRMED', reason: '' }).then(
              () => void message.success(t('commitments.confirmed_toast')),
              () => undefined, // said above the buttons
            )
          }
        >
          {t('commitments.confirm_amount', { amount: amount(commitment.unit, figure) })}
        </Button>
        <Button size="large" onClick={() => setDisputing(true)}>
          {t('commitments.dispute')}
        </Button>
      </div>
      <DisputeDialog unit={commitment.unit} open={disputing} onClose={() => setDisputing(false)} answer={answer} />
    </section>
  )
}

type DialogProps = {
  unit: CommitmentUnit
  open: boolean
  onClose: () => void
  answer: ReturnType<typeof useAnswerEntry>
}

function DisputeDialog({ unit, open, onClose, answer }: DialogProps) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [form] = Form.useForm<{ amount: string; reason: string }>()
  const [rest, setRest] = useState<Error | null>(null)
  const submit = (values: { amount: string; reason: string }) =>
    answer.mutate(
      { answer: 'DISPUTED', ...figureOf(unit, values.amount), reason: values.reason.trim() },
      {
        onSuccess: () => {
          onClose()
          void message.success(t('commitments.disputed_toast'))
        },
        onError: error => setRest(showProblems(form, error, FIGURE_NAMES)),
      },
    )
  return (
    <Modal
      open={open}
      title={t('commitments.dispute_title')}
      okText={t('commitments.dispute_submit')}
      cancelText={t('common.cancel')}
      confirmLoading={answer.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form form={form} layout="vertical" preserve={false} onFinish={submit}>
        <FigureField unit={unit} label={t('commitments.dispute_amount')} none />
        <Form.Item
          name="reason"
          label={t('commitments.dispute_reason')}
          rules={[{ required: true, whitespace: true, message: t('commitments.dispute_reason_missing') }]}
        >
          <Input.TextArea maxLength={1000} autoSize={{ minRows: 3, maxRows: 8 }} />
        </Form.Item>
      </Form>
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
    </Modal>
  )
}

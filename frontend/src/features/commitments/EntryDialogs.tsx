import { App, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CommitmentDetail, LedgerEntry } from '@/api/types'
import { today } from '@/lib/format'
import { difference, formatWan, yuanToWan } from '@/lib/money'
import { showProblems } from '@/ui/form/problems'
import { yuanOf } from '@/ui/form/WanInput'
import { useReason } from '@/ui/state/States'
import classes from './Commitments.module.css'
import { FIGURE_NAMES, FigureField, figureOf } from './FigureField'
import { useAccept, useSpend } from './queries'

type Values = { amount: string; occurred_date: string; reference?: string; evidence?: string }
type Props = { commitment: CommitmentDetail; onClose: () => void }

/** What was spent of confirmed money. */
export function SpendDialog({ commitment, onClose }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spend = useSpend(commitment.id)
  const left = difference(commitment.confirmed, commitment.spent)
  const figures = { confirmed: commitment.confirmed, spent: commitment.spent, left }
  return (
    <EntryDialog
      title={t('commitments.spend_title')}
      lead={t('commitments.spend_left', mapped(figures, formatWan))}
      pending={spend.isPending}
      onClose={onClose}
      send={({ amount, occurred_date, reference = '', evidence = '' }, failed) =>
        spend.mutate(
          { amount_yuan: yuanOf(amount), occurred_date, reference: reference.trim(), evidence: evidence.trim() },
          {
            onSuccess: () => {
              onClose()
              void message.success(t('commitments.step_done.SPEND'))
            },
            onError: failed,
          },
        )
      }
    >
      <FigureField unit="YUAN" label={t('commitments.spent_amount')} />
      <DateField label={t('commitments.spent_date')} />
      <Form.Item name="reference" label={`${t('commitments.fields.reference')}（${t('common.optional')}）`}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <Form.Item name="evidence" label={`${t('commitments.evidence')}（${t('common.optional')}）`}>
        <Input maxLength={300} placeholder={t('commitments.evidence_hint')} />
      </Form.Item>
    </EntryDialog>
  )
}

/** The acceptance of one spending, or of what was done. */
export function AcceptDialog({ commitment, entry, onClose }: Props & { entry: LedgerEntry }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const accept = useAccept(entry.id)
  const left = entry.left_to_accept
  return (
    <EntryDialog
      title={t('commitments.accept_title')}
      pending={accept.isPending}
      amount={commitment.unit === 'YUAN' ? yuanToWan(left) : String(Number(left))}
      onClose={onClose}
      send={({ amount, occurred_date, evidence = '' }, failed) =>
        accept.mutate(
          { ...figureOf(commitment.unit, amount), occurred_date, evidence: evidence.trim() },
          {
            onSuccess: () => {
              onClose()
              void message.success(t('commitments.step_done.ACCEPT'))
            },
            onError: failed,
          },
        )
      }
    >
      <FigureField unit={commitment.unit} label={t('commitments.accept_amount')} />
      <DateField label={t('commitments.accept_date')} />
      <Form.Item
        name="evidence"
        label={t('commitments.evidence')}
        rules={[{ required: true, whitespace: true, message: t('commitments.evidence_missing') }]}
      >
        <Input maxLength={300} placeholder={t('commitments.evidence_hint')} />
      </Form.Item>
    </EntryDialog>
  )
}

const mapped = <Key extends string>(of: Record<Key, string>, by: (value: string) => string): Record<Key, string> =>
  Object.fromEntries(Object.entries<string>(of).map(([key, value]) => [key, by(value)])) as Record<Key, string>

function DateField({ label }: { label: string }) {
  const { t } = useTranslation()
  return (
    <Form.Item
      name="occurred_date"
      label={label}
      rules={[{ required: true, message: t('commitments.arrival.date_missing') }]}
    >
      <Input type="date" max={today()} />
    </Form.Item>
  )
}

type DialogProps = {
  title: string
  lead?: string
  amount?: string
  pending: boolean
  send: (values: Values, failed: (error: Error) => void) => void
  onClose: () => void
  children: React.ReactNode
}

function EntryDialog({ title, lead, amount = '', pending, send, onClose, children }: DialogProps) {
  const { t } = useTranslation()
  const reason = useReason()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  return (
    <Modal
      open
      title={title}
      okText={title}
      cancelText={t('common.cancel')}
      confirmLoading={pending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {lead && <p className={classes.left}>{lead}</p>}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ amount, occurred_date: today() }}
        onFinish={values => {
          setRest(null)
          send(values, error => setRest(showProblems(form, error, FIGURE_NAMES)))
        }}
      >
        {children}
      </Form>
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
    </Modal>
  )
}

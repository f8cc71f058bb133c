import { App, Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { wordsOf } from '@/api/problem'
import type { CommitmentDetail, LedgerEntry } from '@/api/types'
import { today } from '@/lib/format'
import { difference, formatWan, yuanToWan } from '@/lib/money'
import { FileButton } from '@/ui/form/FileButton'
import { showProblems } from '@/ui/form/problems'
import { yuanOf } from '@/ui/form/WanInput'
import { useReason } from '@/ui/state/States'
import classes from './Commitments.module.css'
import { FIGURE_NAMES, FigureField, figureOf } from './FigureField'
import { useAccept, useAttach, useSpend } from './queries'

type Values = { amount: string; occurred_date: string; reference?: string; evidence?: string }
type Props = { commitment: CommitmentDetail; onClose: () => void }
type Answers = { onSuccess: (fresh: CommitmentDetail) => void; onError: (error: Error) => void }

/** What was spent of confirmed money. */
export function SpendDialog({ commitment, onClose }: Props) {
  const { t } = useTranslation()
  const spend = useSpend(commitment.id)
  const left = difference(commitment.confirmed, commitment.spent)
  const figures = { confirmed: commitment.confirmed, spent: commitment.spent, left }
  return (
    <EntryDialog
      title={t('commitments.spend_title')}
      lead={t('commitments.spend_left', mapped(figures, formatWan))}
      done={t('commitments.step_done.SPEND')}
      pending={spend.isPending}
      commitment={commitment}
      onClose={onClose}
      send={({ amount, occurred_date, reference = '', evidence = '' }, answers) =>
        spend.mutate(
          { amount_yuan: yuanOf(amount), occurred_date, reference: reference.trim(), evidence: evidence.trim() },
          answers,
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
  const accept = useAccept(entry.id)
  const left = entry.left_to_accept
  return (
    <EntryDialog
      title={t('commitments.accept_title')}
      done={t('commitments.step_done.ACCEPT')}
      pending={accept.isPending}
      amount={commitment.unit === 'YUAN' ? yuanToWan(left) : String(Number(left))}
      commitment={commitment}
      onClose={onClose}
      send={({ amount, occurred_date, evidence = '' }, answers) =>
        accept.mutate({ ...figureOf(commitment.unit, amount), occurred_date, evidence: evidence.trim() }, answers)
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

type DialogProps = Props & {
  title: string
  lead?: string
  done: string
  amount?: string
  pending: boolean
  send: (values: Values, answers: Answers) => void
  children: React.ReactNode
}

function EntryDialog({ title, lead, done, amount = '', pending, send, commitment, onClose, children }: DialogProps) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  const [files, setFiles] = useState<File[]>([])
  const attach = useAttach()

  /** The entry stands by now: a file that is refused is told by name, and may be added beside the entry. */
  const attachTo = async (fresh: CommitmentDetail) => {
    const made = fresh.entries.find(one => commitment.entries.every(known => known.id !== one.id))
    if (made) {
      for (const file of files) {
        await attach.mutateAsync({ entry: made.id, file }).catch((error: unknown) => {
          const why = wordsOf(error, t('common.states.unreachable'))
          void message.error(t('commitments.attach_failed', { name: file.name, why }), 8)
        })
      }
    }
    onClose()
    void message.success(done)
  }

  return (
    <Modal
      open
      title={title}
      okText={title}
      cancelText={t('common.cancel')}
      confirmLoading={pending || attach.isPending}
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
          send(values, {
            onSuccess: fresh => void attachTo(fresh),
            onError: error => setRest(showProblems(form, error, FIGURE_NAMES)),
          })
        }}
      >
        {children}
      </Form>
      <Photographs files={files} onChange={setFiles} />
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
    </Modal>
  )
}

// Telephones call every photograph image.jpg, so the name alone does not tell them apart.
const oneOf = (file: File) => `${file.name} ${file.size} ${file.lastModified}`

/** What was photographed on the spot goes along with the entry. */
function Photographs({ files, onChange }: { files: File[]; onChange: (files: File[]) => void }) {
  const { t } = useTranslation()
  return (
    <div className={classes.files}>
      {files.map(file => (
        <Button
          key={oneOf(file)}
          size="small"
          title={t('commitments.leave_file', { name: file.name })}
          onClick={() => onChange(files.filter(other => other !== file))}
        >
          {file.name} ✕
        </Button>
      ))}
      <FileButton
        label={t('commitments.attach')}
        onChoose={file => onChange([...files.filter(other => oneOf(other) !== oneOf(file)), file])}
      />
    </div>
  )
}

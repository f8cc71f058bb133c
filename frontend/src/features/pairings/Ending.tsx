import { App, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '@/api/session'
import type { Pairing } from '@/api/types'
import { today } from '@/lib/format'
import { ActionButton } from '@/ui/form/ActionButton'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { showProblems } from '@/ui/form/problems'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import classes from './Pairings.module.css'
import { type Ended, useEnd } from './queries'

/** Completing a pairing whose period is over, or ending it before for a reason. */
export function Ending({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const user = useUser()
  const [open, setOpen] = useState(false)
  if (pairing.end_reason) {
    return (
      <Panel title={t(pairing.status === 'WITHDRAWN' ? 'pairings.ending.taken_back' : 'pairings.ending.reason')}>
        <p>{pairing.end_reason}</p>
      </Panel>
    )
  }
  const living = pairing.status === 'AGREED' || pairing.status === 'IN_FORCE'
  if (!living || (pairing.end_refusal && user.role !== 'COORDINATOR')) return null
  return (
    <Panel title={t('pairings.ending.title')} note={t('pairings.ending.note')}>
      <ActionButton why={pairing.end_refusal} onClick={() => setOpen(true)}>
        {t('pairings.ending.open')}
      </ActionButton>
      {open && <EndDialog pairing={pairing} onClose={() => setOpen(false)} />}
    </Panel>
  )
}

function EndDialog({ pairing, onClose }: { pairing: Pairing; onClose: () => void }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [form] = Form.useForm<Ended>()
  const [rest, setRest] = useState<Error | null>(null)
  const end = useEnd(pairing)
  const over = pairing.end_date !== null && (pairing.end_date ?? '') <= today()
  const outcome = Form.useWatch('outcome', form) ?? (over ? 'COMPLETED' : 'ENDED')
  const submit = (values: Ended) => {
    setRest(null)
    end.mutate(values.outcome === 'ENDED' ? values : { outcome: 'COMPLETED' }, {
      onSuccess: () => {
        void message.success(t('pairings.ending.done'))
        onClose()
      },
      onError: error => setRest(showProblems(form, error)),
    })
  }
  return (
    <Modal
      open
      title={t('pairings.ending.open')}
      okText={t('pairings.ending.submit')}
      okButtonProps={{ danger: outcome === 'ENDED' }}
      cancelText={t('common.cancel')}
      confirmLoading={end.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form<Ended>
        form={form}
        layout="vertical"
        size="large"
        onFinish={submit}
        initialValues={{
          outcome: over ? 'COMPLETED' : 'ENDED',
          end_date: over ? pairing.end_date : today(),
          reason: '',
        }}
      >
        <Form.Item name="outcome" label={t('pairings.ending.outcome')}>
          <NativeSelect
            options={(['COMPLETED', 'ENDED'] as const).map(value => ({
              value,
              label: t(`pairings.ending.outcomes.${value}`),
            }))}
          />
        </Form.Item>
        {outcome === 'ENDED' && (
          <>
            <Form.Item
              name="end_date"
              label={t('pairings.form.end')}
              rules={[{ required: true, message: t('pairings.ending.date_missing') }]}
            >
              <Input type="date" min={pairing.start_date} max={pairing.end_date ?? undefined} />
            </Form.Item>
            <Form.Item
              name="reason"
              label={t('review.reason')}
              extra={t('pairings.ending.no_exit')}
              rules={[{ required: true, whitespace: true, message: t('pairings.ending.reason_missing') }]}
            >
              <Input.TextArea maxLength={1000} autoSize={{ minRows: 3 }} placeholder={t('pairings.ending.hint')} />
            </Form.Item>
          </>
        )}
      </Form>
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
    </Modal>
  )
}

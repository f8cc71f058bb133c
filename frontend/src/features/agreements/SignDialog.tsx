import { App, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agreement } from '@/api/types'
import { today } from '@/lib/format'
import { showProblems } from '@/ui/form/problems'
import { useReason } from '@/ui/state/States'
import classes from './Agreements.module.css'
import { type Signed, useSign } from './queries'

type Props = { agreement: Agreement; open: boolean; onClose: () => void }

/** Who signed the paper for one's side, in which post and on which day. */
export function SignDialog({ agreement, open, onClose }: Props) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [form] = Form.useForm<Signed>()
  const [rest, setRest] = useState<Error | null>(null)
  const sign = useSign(agreement)
  const mine = agreement.my_signatory
  const submit = (signed: Signed) => {
    setRest(null)
    sign.mutate(signed, {
      onSuccess: () => {
        onClose()
        void message.success(t('agreements.done.SIGN'))
      },
      onError: error => setRest(showProblems(form, error)),
    })
  }
  return (
    <Modal
      open={open}
      title={mine && t('agreements.sign.title', { side: t(`agreements.signatory.${mine}`) })}
      okText={t('agreements.sign.submit')}
      cancelText={t('common.cancel')}
      confirmLoading={sign.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <p className={classes.small}>{t('agreements.sign.lead')}</p>
      <Form<Signed>
        form={form}
        layout="vertical"
        size="large"
        preserve={false}
        onFinish={submit}
        initialValues={{ signatory_name: '', signatory_post: '', signed_date: today() }}
      >
        <Form.Item
          name="signatory_name"
          label={t('agreements.sign.name')}
          rules={[{ required: true, whitespace: true, message: t('agreements.sign.name_missing') }]}
        >
          <Input maxLength={60} autoFocus />
        </Form.Item>
        <Form.Item
          name="signatory_post"
          label={t('agreements.sign.post')}
          rules={[{ required: true, whitespace: true, message: t('agreements.sign.post_missing') }]}
        >
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item
          name="signed_date"
          label={t('agreements.sign.date')}
          rules={[{ required: true, message: t('agreements.sign.date_missing') }]}
        >
          <Input type="date" max={today()} />
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

import { Button, Form, Input, Modal } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './ReasonDialog.module.css'

type Props = {
  open: boolean
  title: string
  hint: string
  missing: string
  submit: string
  /** Reasons that come up often, one tap each. */
  presets?: readonly string[]
  pending: boolean
  error?: string | null
  children?: ReactNode
  onSubmit: (reason: string) => void
  onCancel: () => void
}

/** Asks for the reason of a refusal or an objection; without one there is none. */
export function ReasonDialog(props: Props) {
  const { open, title, hint, missing, submit, presets = [], pending, error, children, onSubmit, onCancel } = props
  const { t } = useTranslation()
  const [form] = Form.useForm<{ reason: string }>()
  return (
    <Modal
      open={open}
      title={title}
      okText={submit}
      okButtonProps={{ danger: true }}
      cancelText={t('common.cancel')}
      confirmLoading={pending}
      onOk={() => form.submit()}
      onCancel={onCancel}
      destroyOnHidden
    >
      {children}
      <Form form={form} layout="vertical" preserve={false} onFinish={({ reason }) => onSubmit(reason.trim())}>
        <Form.Item
          name="reason"
          label={t('review.reason')}
          rules={[{ required: true, whitespace: true, message: missing }]}
        >
          <Input.TextArea autoFocus maxLength={1000} autoSize={{ minRows: 3, maxRows: 8 }} placeholder={hint} />
        </Form.Item>
      </Form>
      {presets.length > 0 && (
        <div className={classes.presets}>
          <span>{t('review.reason_common')}</span>
          {presets.map(preset => (
            <Button key={preset} size="small" onClick={() => form.setFieldsValue({ reason: preset })}>
              {preset}
            </Button>
          ))}
        </div>
      )}
      {error && (
        <p role="alert" className={classes.error}>
          {error}
        </p>
      )}
    </Modal>
  )
}

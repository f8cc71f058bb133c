import { Form, type FormInstance, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { showProblems } from '@/ui/form/problems'
import { useReason } from '@/ui/state/States'
import classes from './Projects.module.css'

type Props<Values> = {
  title: string
  submit: string
  lead?: string
  form: FormInstance<Values>
  initial: Partial<Values>
  pending: boolean
  /** How the API calls the fields, for its refusals. */
  names?: Readonly<Record<string, string>>
  send: (values: Values) => Promise<unknown>
  onClose: () => void
  children: ReactNode
}

/** A short form over the page; it closes once its content is on record. */
export function FormDialog<Values extends object>(props: Props<Values>) {
  const { title, submit, lead, form, initial, pending, names, send, onClose, children } = props
  const { t } = useTranslation()
  const reason = useReason()
  const [rest, setRest] = useState<Error | null>(null)
  return (
    <Modal
      open
      title={title}
      okText={submit}
      cancelText={t('common.cancel')}
      confirmLoading={pending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {lead && <p className={classes.small}>{lead}</p>}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={initial}
        onFinish={values => {
          setRest(null)
          send(values).then(onClose, (error: unknown) => setRest(showProblems(form, error, names)))
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

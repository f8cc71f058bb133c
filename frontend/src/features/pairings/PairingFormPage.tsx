import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { COUNTY_PAIRING } from '@/api/reference'
import { useUser } from '@/api/session'
import { Finder } from '@/ui/form/Finder'
import { showProblems } from '@/ui/form/problems'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { ForbiddenMessage, useReason } from '@/ui/state/States'
import classes from './Pairings.module.css'
import { helperSearchQuery, recipientSearchQuery, usePropose } from './queries'

type Values = { helper: number; recipient: string; start_date: string; end_date?: string }

/** For pairs that people agreed on without the matcher. */
export default function PairingFormPage() {
  const { t } = useTranslation()
  const user = useUser()
  return (
    <Page
      title={t('pairings.form.title')}
      lead={t('pairings.form.lead')}
      width="narrow"
      crumbs={[{ to: '/pairings', label: t('pairings.title') }]}
    >
      {user.role === 'COORDINATOR' ? (
        <Panel>
          <PairingForm />
        </Panel>
      ) : (
        <ForbiddenMessage why={t('pairings.new_why')} fill />
      )}
    </Page>
  )
}

function PairingForm() {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  const propose = usePropose()
  const submit = (values: Values) => {
    setRest(null)
    propose.mutate(
      { ...values, end_date: values.end_date || null, channel: COUNTY_PAIRING },
      {
        onSuccess: pairing => {
          void message.success(t('pairings.form.done'))
          void navigate(`/pairings/${pairing.id}`)
        },
        onError: error => setRest(showProblems(form, error)),
      },
    )
  }
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      size="large"
      className={classes.form}
      onFinish={submit}
      disabled={propose.isPending}
    >
      <Form.Item
        name="helper"
        label={t('pairings.form.helper')}
        rules={[{ required: true, message: t('pairings.form.helper_missing') }]}
      >
        <Finder
          ask={search => helperSearchQuery(search) as never}
          optionOf={(party: { id: number; name: string }) => ({ value: party.id, label: party.name })}
        />
      </Form.Item>
      <Form.Item
        name="recipient"
        label={t('pairings.form.recipient')}
        rules={[{ required: true, message: t('pairings.form.recipient_missing') }]}
      >
        <Finder
          ask={search => recipientSearchQuery(search) as never}
          optionOf={(area: { code: string; full_name: string }) => ({ value: area.code, label: area.full_name })}
        />
      </Form.Item>
      <Form.Item
        name="start_date"
        label={t('pairings.form.start')}
        rules={[{ required: true, message: t('pairings.form.start_missing') }]}
      >
        <Input type="date" />
      </Form.Item>
      <Form.Item name="end_date" label={`${t('pairings.form.end')}（${t('common.optional')}）`}>
        <Input type="date" />
      </Form.Item>
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={propose.isPending}>
        {t('pairings.form.submit')}
      </Button>
    </Form>
  )
}

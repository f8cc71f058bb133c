import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Checkbox, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, body } from '@/api/client'
import type { components } from '@/api/schema'
import { showProblems } from '@/ui/form/problems'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { useReason } from '@/ui/state/States'
import classes from './InboxPage.module.css'

type Choice = components['schemas']['Digest']

const digestQuery = queryOptions({
  queryKey: ['digest'],
  queryFn: async ({ signal }) => body(await api.GET('/api/inbox/digest', { signal })),
})

/** The daily letter about what waits: where it goes, and whether it is wanted. */
export function DigestPanel() {
  const { t } = useTranslation()
  const query = useQuery(digestQuery)
  return (
    <Panel title={t('inbox.digest.title')} note={t('inbox.digest.note')}>
      <QueryView query={query}>{choice => <ChoiceForm choice={choice} />}</QueryView>
    </Panel>
  )
}

function ChoiceForm({ choice }: { choice: Choice }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [form] = Form.useForm<Choice>()
  const [rest, setRest] = useState<Error | null>(null)
  const save = useMutation({
    mutationFn: async (content: Choice) => body(await api.PUT('/api/inbox/digest', { body: content })),
    onSuccess: fresh => client.setQueryData(digestQuery.queryKey, fresh),
  })
  const submit = ({ email, wanted }: Choice) => {
    setRest(null)
    save.mutateAsync({ email: email.trim(), wanted }).then(
      () => void message.success(t('inbox.digest.saved')),
      (error: unknown) => setRest(showProblems(form, error)),
    )
  }
  return (
    <Form<Choice> form={form} layout="vertical" className={classes.digest} initialValues={choice} onFinish={submit}>
      <Form.Item name="wanted" valuePropName="checked">
        <Checkbox>{t('inbox.digest.wanted')}</Checkbox>
      </Form.Item>
      <Form.Item
        name="email"
        label={t('inbox.digest.email')}
        rules={[{ type: 'email', message: t('inbox.digest.email_wrong') }]}
      >
        <Input type="email" autoComplete="email" maxLength={254} />
      </Form.Item>
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
      <Button htmlType="submit" loading={save.isPending}>
        {t('inbox.digest.save')}
      </Button>
    </Form>
  )
}

import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Party, PartyPage } from '@/api/types'
import { Finder } from '@/ui/form/Finder'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import { filled } from './FactFields'
import { useMerge } from './invitations'
import classes from './Parties.module.css'
import { sameKindQuery } from './queries'

/** Two records of one organisation become one; the other stays and leads to it. */
export function MergePanel({ party }: { party: PartyPage }) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const merge = useMerge(party.id, kept => {
    void message.success(t('parties.merge.done'))
    void navigate(`/parties/${kept.id}`)
  })
  return (
    <Panel title={t('parties.merge.title')} note={t('parties.merge.lead')}>
      <Form<{ into: number; reason: string }>
        layout="vertical"
        requiredMark={false}
        disabled={merge.isPending}
        onFinish={values => merge.mutate({ ...values, version: party.version ?? 1 })}
      >
        <Form.Item
          name="into"
          label={t('parties.merge.into')}
          rules={[{ required: true, message: t('parties.merge.into_missing') }]}
        >
          <Finder
            ask={search => sameKindQuery(party.kind, search) as never}
            optionOf={(one: Party) => ({ value: one.id, label: `${one.name} ${one.uscc ?? ''}` })}
          />
        </Form.Item>
        <Form.Item name="reason" label={t('parties.merge.reason')} rules={[filled(t('parties.merge.reason_missing'))]}>
          <Input.TextArea maxLength={1000} autoSize={{ minRows: 2 }} placeholder={t('parties.merge.reason_hint')} />
        </Form.Item>
        <Button htmlType="submit" danger loading={merge.isPending}>
          {t('parties.merge.submit')}
        </Button>
      </Form>
      {merge.error && (
        <p role="alert" className={classes.error}>
          {reason(merge.error)}
        </p>
      )}
    </Panel>
  )
}

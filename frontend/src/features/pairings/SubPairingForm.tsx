import { App, Button, Form, Input } from 'antd'
import type { Rule } from 'antd/es/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Area, Pairing, SubPairingKind } from '@/api/types'
import { Finder } from '@/ui/form/Finder'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { showProblems } from '@/ui/form/problems'
import { useReason } from '@/ui/state/States'
import classes from './Pairings.module.css'
import { insideSearchQuery, SUB_KINDS, useProposeSub } from './queries'

type Values = {
  kind: SubPairingKind
  helper_unit: string
  recipient_unit: string
  recipient_area?: string
  start_date: string
}

export function SubPairingForm({ pairing, onDone }: { pairing: Pairing; onDone: () => void }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  const propose = useProposeSub(pairing.id)
  const county = pairing.recipient
  const submit = (values: Values) => {
    setRest(null)
    propose.mutate(values, {
      onSuccess: () => {
        void message.success(t('pairings.subs.done'))
        onDone()
      },
      onError: error => setRest(showProblems(form, error)),
    })
  }
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      size="large"
      onFinish={submit}
      disabled={propose.isPending}
      initialValues={{ helper_unit: '', recipient_unit: '', start_date: pairing.start_date }}
    >
      <div className={classes.pair}>
        <Form.Item name="kind" label={t('pairings.subs.kind_label')} rules={[said(t('pairings.subs.kind_missing'))]}>
          <NativeSelect options={SUB_KINDS.map(value => ({ value, label: t(`pairings.subs.kind.${value}`) }))} />
        </Form.Item>
        <Form.Item name="start_date" label={t('pairings.subs.start')} rules={[said(t('pairings.subs.start_missing'))]}>
          <Input type="date" min={pairing.start_date} max={pairing.end_date ?? undefined} />
        </Form.Item>
        <Form.Item
          name="helper_unit"
          label={t('pairings.subs.helper_unit')}
          rules={[said(t('pairings.subs.unit_missing'))]}
        >
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item
          name="recipient_unit"
          label={t('pairings.subs.recipient_unit')}
          rules={[said(t('pairings.subs.unit_missing'))]}
        >
          <Input maxLength={80} />
        </Form.Item>
      </div>
      <Form.Item name="recipient_area" label={`${t('pairings.subs.recipient_area')}（${t('common.optional')}）`}>
        <Finder
          initial={{ value: county.code, label: county.full_name }}
          ask={search => insideSearchQuery(county.code, search) as never}
          optionOf={(area: Area) => ({ value: area.code, label: area.full_name.slice(county.full_name.length) })}
        />
      </Form.Item>
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
      <div className={classes.answer}>
        <Button type="primary" htmlType="submit" loading={propose.isPending}>
          {t('pairings.subs.submit')}
        </Button>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
      </div>
    </Form>
  )
}

const said = (message: string): Rule => ({ required: true, whitespace: true, message })

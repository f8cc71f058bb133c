import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useUser } from '@/api/session'
import type { CommitmentKind, CommitmentMode, Pairing } from '@/api/types'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { showProblems } from '@/ui/form/problems'
import { amountRule, WanInput, yuanOf } from '@/ui/form/WanInput'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty, ForbiddenMessage, useReason } from '@/ui/state/States'
import classes from './Commitments.module.css'
import { KINDS, MODES, needsOfCountyQuery, openPairingsQuery, useRegister } from './queries'

type Values = {
  pairing: string
  kind: CommitmentKind
  mode: CommitmentMode
  year: string
  title: string
  need: string
  amount: string
}

export default function CommitmentFormPage() {
  const { t } = useTranslation()
  const user = useUser()
  const helper = user.party !== null && user.role !== 'RECIPIENT'
  const query = useQuery({ ...openPairingsQuery, enabled: helper })
  return (
    <Page
      title={t('commitments.form.title')}
      lead={t('commitments.form.lead')}
      width="narrow"
      crumbs={[{ to: '/commitments', label: t('commitments.title') }]}
    >
      {helper ? (
        <Panel>
          <QueryView
            query={query}
            isEmpty={pairings => pairings.length === 0}
            empty={
              <Empty
                title={t('commitments.form.pairing_none')}
                action={<Link to="/pairings">{t('commitments.form.to_pairings')}</Link>}
              />
            }
          >
            {pairings => <CommitmentForm pairings={pairings} />}
          </QueryView>
        </Panel>
      ) : (
        <ForbiddenMessage why={t('pairings.register_why_side')} fill />
      )}
    </Page>
  )
}

/** The years a pairing covers, the latest first; an open end lasts to the start's fifth year. */
function yearsOf(pairing: Pairing | undefined): string[] {
  if (!pairing) return []
  const first = Number(pairing.start_date.slice(0, 4))
  const last = pairing.end_date ? Number(pairing.end_date.slice(0, 4)) : first + 5
  return Array.from({ length: last - first + 1 }, (_, back) => String(last - back))
}

function CommitmentForm({ pairings }: { pairings: Pairing[] }) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [params] = useSearchParams()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  const register = useRegister()
  const asked =
    pairings.find(one => String(one.id) === params.get('pairing')) ??
    pairings.find(one => one.recipient.code === params.get('county')) ??
    pairings[0]
  const chosen = Form.useWatch('pairing', form) ?? String(asked?.id ?? '')
  const pairing = pairings.find(one => String(one.id) === chosen)
  const years = yearsOf(pairing)
  const needs = useQuery(needsOfCountyQuery(pairing?.recipient.code ?? '')).data ?? []
  const submit = ({ amount, pairing, need, year, ...values }: Values) => {
    setRest(null)
    register.mutate(
      {
        ...values,
        title: values.title.trim(),
        pairing: Number(pairing),
        need: needs.some(one => String(one.id) === need) ? Number(need) : null,
        year: Number(year),
        amount_yuan: yuanOf(amount),
      },
      {
        onSuccess: made => {
          void message.success(t('commitments.form.done', { title: made.title }))
          void navigate(`/commitments/${made.id}`)
        },
        onError: error => setRest(showProblems(form, error, { amount_yuan: 'amount' })),
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
      disabled={register.isPending}
      initialValues={{
        pairing: String(asked?.id ?? ''),
        year: years[0] ?? '',
        title: '',
        need: params.get('need') ?? '',
        amount: '',
      }}
    >
      <Form.Item
        name="pairing"
        label={t('commitments.fields.pairing')}
        rules={[{ required: true, message: t('commitments.form.pairing_missing') }]}
      >
        <NativeSelect
          options={pairings.map(pairing => ({
            value: String(pairing.id),
            label: `${pairing.helper.name} → ${pairing.recipient.full_name}`,
          }))}
        />
      </Form.Item>
      {needs.length > 0 && (
        <Form.Item name="need" label={`${t('commitments.fields.need')}（${t('common.optional')}）`}>
          <NativeSelect
            options={[
              { value: 'none', label: t('common.none') },
              ...needs.map(one => ({ value: String(one.id), label: `${one.title}（${one.area.name}）` })),
            ]}
          />
        </Form.Item>
      )}
      <Form.Item
        name="title"
        label={t('commitments.fields.name')}
        rules={[{ required: true, whitespace: true, message: t('commitments.form.name_missing') }]}
      >
        <Input maxLength={120} placeholder={t('commitments.form.name_hint')} />
      </Form.Item>
      <Form.Item
        name="kind"
        label={t('commitments.fields.kind')}
        rules={[{ required: true, message: t('commitments.form.kind_missing') }]}
      >
        <NativeSelect options={KINDS.map(value => ({ value, label: t(`commitments.kind.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="mode"
        label={t('commitments.fields.mode')}
        rules={[{ required: true, message: t('commitments.form.mode_missing') }]}
      >
        <NativeSelect options={MODES.map(value => ({ value, label: t(`commitments.mode.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="year"
        label={t('commitments.fields.year')}
        rules={[{ required: true, message: t('commitments.form.year_missing') }]}
      >
        <NativeSelect options={years.map(value => ({ value, label: value }))} />
      </Form.Item>
      <Form.Item name="amount" label={t('commitments.fields.amount')} required rules={[amountRule(t)]}>
        <WanInput />
      </Form.Item>
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={register.isPending}>
        {t('commitments.form.submit')}
      </Button>
    </Form>
  )
}

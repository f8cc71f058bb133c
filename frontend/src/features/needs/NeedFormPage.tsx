import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import type { Rule } from 'antd/es/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { areaQuery } from '@/api/reference'
import { useUser } from '@/api/session'
import type { Area, AreaProfile, BenefitLink, Need, NeedCategory, NeedContent } from '@/api/types'
import { today } from '@/lib/format'
import { yuanToWan } from '@/lib/money'
import { Finder } from '@/ui/form/Finder'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { showProblems } from '@/ui/form/problems'
import { optionalAmountRule, WanInput, yuanOf } from '@/ui/form/WanInput'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { ForbiddenMessage, useReason } from '@/ui/state/States'
import { Causes } from './Causes'
import classes from './Needs.module.css'
import { BENEFITS, CATEGORIES, needQuery, placeSearchQuery, useChange, usePropose } from './queries'

/** Propose a need of one's own place, or word one anew. */
export default function NeedFormPage() {
  const { t } = useTranslation()
  const user = useUser()
  const { id } = useParams()
  const seat = (user.party?.area as string | null | undefined) ?? ''
  const mine = user.role === 'RECIPIENT' && seat !== ''
  return (
    <Page
      title={t(id ? 'needs.form.title_change' : 'needs.form.title')}
      lead={t('needs.form.lead')}
      width="narrow"
      crumbs={[{ to: '/needs', label: t('needs.title') }]}
    >
      {!mine ? (
        <ForbiddenMessage why={t('needs.new_why')} fill />
      ) : id ? (
        <Changing id={Number(id)} />
      ) : (
        <Proposing seat={seat} />
      )}
    </Page>
  )
}

function Proposing({ seat }: { seat: string }) {
  const query = useQuery(areaQuery(seat))
  return (
    <Panel>
      <QueryView query={query}>{own => <NeedForm own={own} />}</QueryView>
    </Panel>
  )
}

function Changing({ id }: { id: number }) {
  const { t } = useTranslation()
  const query = useQuery(needQuery(id))
  return (
    <Panel>
      <QueryView query={query}>
        {need =>
          need.my_steps.includes('CHANGE') ? (
            <NeedForm need={need} />
          ) : (
            <ForbiddenMessage why={t('needs.form.not_open')} />
          )
        }
      </QueryView>
    </Panel>
  )
}

type Values = {
  area: string
  title: string
  category: NeedCategory
  causes: NonNullable<Need['causes']>
  quantity: string
  unit: string
  cost: string
  deadline_date: string
  performance_target: string
  benefit_link: BenefitLink
  beneficiaries: string
  detail: string
  reason: string
}

function valuesOf(need: Need): Partial<Values> {
  return {
    ...need,
    area: need.area.code,
    causes: need.causes ?? [],
    quantity: need.quantity.replace(/\.?0+$/, ''),
    cost: need.cost_yuan ? yuanToWan(need.cost_yuan) : '',
    beneficiaries: need.beneficiaries === null ? '' : String(need.beneficiaries ?? ''),
    detail: need.detail ?? '',
    reason: '',
  }
}

function contentOf({ area: _, cost, beneficiaries, ...values }: Values): NeedContent {
  return {
    ...values,
    title: values.title.trim(),
    unit: values.unit.trim(),
    performance_target: values.performance_target.trim(),
    reason: values.reason ?? '',
    cost_yuan: cost ? yuanOf(cost) : null,
    beneficiaries: beneficiaries ? Number(beneficiaries) : null,
  }
}

const NAMES = { cost_yuan: 'cost' }

function NeedForm({ own, need }: { own?: AreaProfile; need?: Need }) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  const propose = usePropose()
  const change = useChange(need)
  const pending = propose.isPending || change.isPending
  const published = need?.status === 'PUBLISHED'
  const submit = (values: Values) => {
    setRest(null)
    const settled = {
      onSuccess: (made: Need) => {
        void message.success(t(need ? 'needs.form.done_change' : 'needs.form.done'))
        void navigate(`/needs/${made.id}`)
      },
      onError: (error: Error) => setRest(showProblems(form, error, NAMES)),
    }
    if (need) change.mutate(contentOf(values), settled)
    else propose.mutate({ ...contentOf(values), area: values.area }, settled)
  }
  const initial: Partial<Values> = need
    ? valuesOf(need)
    : { area: own?.code ?? '', causes: [], cost: '', beneficiaries: '', detail: '', reason: '' }
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      size="large"
      className={classes.form}
      onFinish={submit}
      disabled={pending}
      initialValues={initial}
    >
      {own && <PlaceField own={own} />}
      <Form.Item name="title" label={t('needs.fields.title')} rules={[said(t('needs.form.title_missing'))]}>
        <Input maxLength={80} placeholder={t('needs.form.title_hint')} />
      </Form.Item>
      <div className={classes.pair}>
        <Form.Item name="category" label={t('needs.fields.category')} rules={[said(t('needs.form.category_missing'))]}>
          <NativeSelect options={CATEGORIES.map(value => ({ value, label: t(`needs.category.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="benefit_link"
          label={t('needs.fields.benefit')}
          rules={[said(t('needs.form.benefit_missing'))]}
        >
          <NativeSelect options={BENEFITS.map(value => ({ value, label: t(`needs.benefit.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="quantity"
          label={t('needs.fields.quantity')}
          rules={[
            said(t('needs.form.quantity_missing')),
            { pattern: /^(?!0+(\.0+)?$)\d{1,12}(\.\d{1,2})?$/, message: t('needs.form.quantity_wrong') },
          ]}
        >
          <Input inputMode="decimal" autoComplete="off" />
        </Form.Item>
        <Form.Item name="unit" label={t('needs.fields.unit')} rules={[said(t('needs.form.unit_missing'))]}>
          <Input maxLength={10} placeholder={t('needs.form.unit_hint')} />
        </Form.Item>
      </div>
      <Form.Item
        name="performance_target"
        label={t('needs.fields.target')}
        rules={[said(t('needs.form.target_missing'))]}
      >
        <Input.TextArea maxLength={300} autoSize={{ minRows: 2 }} placeholder={t('needs.form.target_hint')} />
      </Form.Item>
      <Form.Item
        name="deadline_date"
        label={t('needs.fields.deadline')}
        rules={[said(t('needs.form.deadline_missing'))]}
      >
        <Input type="date" min={today()} />
      </Form.Item>
      <Form.Item
        name="cost"
        label={`${t('needs.fields.cost')}（${t('common.optional')}）`}
        rules={[optionalAmountRule(t)]}
      >
        <WanInput />
      </Form.Item>
      <Form.Item
        name="beneficiaries"
        label={`${t('needs.fields.beneficiaries')}（${t('common.optional')}）`}
        rules={[{ pattern: /^\d{1,8}$/, message: t('needs.form.beneficiaries_wrong') }]}
      >
        <Input inputMode="numeric" autoComplete="off" />
      </Form.Item>
      <Form.Item name="causes" label={`${t('needs.fields.causes')}（${t('common.optional')}）`}>
        <Causes />
      </Form.Item>
      <Form.Item name="detail" label={`${t('needs.fields.detail')}（${t('common.optional')}）`}>
        <Input.TextArea maxLength={2000} autoSize={{ minRows: 2 }} />
      </Form.Item>
      {published && (
        <Form.Item name="reason" label={t('needs.fields.reason')} rules={[said(t('needs.form.reason_missing'))]}>
          <Input maxLength={1000} placeholder={t('needs.form.reason_hint')} />
        </Form.Item>
      )}
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={pending}>
        {t(need ? 'needs.form.submit_change' : 'needs.form.submit')}
      </Button>
    </Form>
  )
}

const said = (message: string): Rule => ({ required: true, whitespace: true, message })

/** One's own place, or one inside it; a village has none inside. */
function PlaceField({ own }: { own: AreaProfile }) {
  const { t } = useTranslation()
  const short = (area: Area): string => area.full_name.slice(own.full_name.length) || own.full_name
  return (
    <Form.Item name="area" label={t('needs.fields.area')} rules={[said(t('needs.form.area_missing'))]}>
      <Finder
        initial={{ value: own.code, label: own.full_name }}
        ask={search => placeSearchQuery(own.code, search) as never}
        optionOf={(area: Area) => ({ value: area.code, label: short(area) })}
      />
    </Form.Item>
  )
}

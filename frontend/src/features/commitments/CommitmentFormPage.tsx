import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useUser } from '@/api/session'
import type { CommitmentField, CommitmentMode, KindOfCommitment, Pairing, TargetProgress } from '@/api/types'
import { useAmount } from '@/ui/facts/Amount'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { showProblems } from '@/ui/form/problems'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty, ForbiddenMessage, useReason } from '@/ui/state/States'
import classes from './Commitments.module.css'
import { FIGURE_NAMES, FigureField, figureOf } from './FigureField'
import {
  BENEFITS,
  CHOICES,
  kindsQuery,
  MODES,
  type NewCommitment,
  needsOfCountyQuery,
  openPairingsQuery,
  SECTORS,
  useRegister,
} from './queries'
import { useTarget } from './targets'

type Values = Record<string, string>

export default function CommitmentFormPage() {
  const { t } = useTranslation()
  const user = useUser()
  const helper = user.party !== null && user.role !== 'RECIPIENT'
  const query = useQuery({ ...openPairingsQuery, enabled: helper })
  const kinds = useQuery({ ...kindsQuery, enabled: helper })
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
            {pairings => (
              <QueryView query={kinds}>
                {all => <CommitmentForm pairings={pairings} kinds={all.filter(one => one.mine)} />}
              </QueryView>
            )}
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

/** What the address asks for, as far as it can be had. */
function begin(params: URLSearchParams, pairings: Pairing[], first: KindOfCommitment) {
  const pairing =
    pairings.find(one => String(one.id) === params.get('pairing')) ??
    pairings.find(one => one.recipient.code === params.get('county')) ??
    pairings[0]
  const years = yearsOf(pairing)
  const need = params.get('need')
  return {
    pairing: String(pairing?.id ?? ''),
    kind: params.get('kind') ?? first.kind,
    year: years.find(one => one === params.get('year')) ?? years[0] ?? '',
    title: '',
    purpose: need ? `${NEED}${need}` : '',
    amount: '',
  }
}

function CommitmentForm({ pairings, kinds }: { pairings: Pairing[]; kinds: KindOfCommitment[] }) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [params] = useSearchParams()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  const register = useRegister()
  const first = kinds[0] as KindOfCommitment
  const begun = begin(params, pairings, first)
  const chosen = Form.useWatch('pairing', form) ?? begun.pairing
  const pairing = pairings.find(one => String(one.id) === chosen)
  const years = yearsOf(pairing)
  const year = Form.useWatch('year', form) ?? begun.year
  const needs = useQuery(needsOfCountyQuery(pairing?.recipient.code ?? '')).data ?? []
  const asking = Form.useWatch('kind', form)
  const kind = kinds.find(one => one.kind === asking) ?? first
  const target = useTarget(form, { pairing: chosen, year, kind: kind.kind, mine: kinds, asked: params.has('kind') })
  const submit = (values: Values) => {
    setRest(null)
    const detail = (name: CommitmentField) => (asks(kind, name) ? values[name] || undefined : undefined)
    const purpose = values.purpose ?? ''
    register.mutate(
      {
        pairing: Number(values.pairing),
        kind: kind.kind,
        mode: kind.chooses_mode ? (values.mode as CommitmentMode) : '',
        year: Number(values.year),
        title: (values.title ?? '').trim(),
        need: purpose.startsWith(NEED) ? Number(purpose.slice(NEED.length)) : null,
        sector: purpose.startsWith(NEED) ? '' : (purpose as NewCommitment['sector']),
        plan: detail('plan') as NewCommitment['plan'],
        direction: detail('direction') as NewCommitment['direction'],
        speciality: detail('speciality') as NewCommitment['speciality'],
        trainees: detail('trainees') as NewCommitment['trainees'],
        benefit_link: detail('benefit_link') as NewCommitment['benefit_link'],
        poor_people: numberOf(detail('poor_people')),
        months: numberOf(detail('months')),
        ...figureOf(kind.unit, values.amount ?? ''),
      },
      {
        onSuccess: made => {
          void message.success(t('commitments.form.done', { title: made.title }))
          void navigate(`/commitments/${made.id}`)
        },
        onError: error => setRest(showProblems(form, error, { ...FIGURE_NAMES, need: 'purpose', sector: 'purpose' })),
      },
    )
  }
  const purposes = [
    { value: '', label: t('common.none') },
    ...needs.map(one => ({ value: `${NEED}${one.id}`, label: `${one.title}（${one.area.name}）` })),
    ...(asks(kind, 'sector') ? SECTORS.map(value => ({ value, label: t(`needs.category.${value}`) })) : []),
  ]
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      size="large"
      className={classes.form}
      onFinish={submit}
      disabled={register.isPending}
      initialValues={begun}
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
      <Form.Item
        name="kind"
        label={t('commitments.fields.kind')}
        rules={[{ required: true, message: t('commitments.form.kind_missing') }]}
      >
        <NativeSelect options={kinds.map(({ kind: value }) => ({ value, label: t(`commitments.kind.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="title"
        label={t('commitments.fields.name')}
        rules={[{ required: true, whitespace: true, message: t('commitments.form.name_missing') }]}
      >
        <Input maxLength={120} placeholder={t('commitments.form.name_hint')} />
      </Form.Item>
      <FigureField
        unit={kind.unit}
        label={t(kind.unit === 'YUAN' ? 'commitments.fields.amount' : 'commitments.fields.quantity')}
      />
      {target && <TargetLine unit={kind.unit} target={target} />}
      <Form.Item
        name="year"
        label={t('commitments.fields.year')}
        rules={[{ required: true, message: t('commitments.form.year_missing') }]}
      >
        <NativeSelect options={years.map(value => ({ value, label: value }))} />
      </Form.Item>
      {kind.chooses_mode && (
        <Form.Item
          name="mode"
          label={t('commitments.fields.mode')}
          rules={[{ required: true, message: t('commitments.form.mode_missing') }]}
        >
          <NativeSelect options={MODES.map(value => ({ value, label: t(`commitments.mode.${value}`) }))} />
        </Form.Item>
      )}
      {(Object.keys(CHOICES) as (keyof typeof CHOICES)[])
        .filter(name => asks(kind, name))
        .map(name => (
          <Form.Item key={name} name={name} label={label(kind, name, t)} rules={needed(kind, name, t)}>
            <NativeSelect
              options={CHOICES[name].map(value => ({
                value,
                label: (t as (key: string) => string)(`commitments.${name}.${value}`),
              }))}
            />
          </Form.Item>
        ))}
      {asks(kind, 'benefit_link') && (
        <Form.Item name="benefit_link" label={label(kind, 'benefit_link', t)} rules={needed(kind, 'benefit_link', t)}>
          <NativeSelect options={BENEFITS.map(value => ({ value, label: t(`needs.benefit.${value}`) }))} />
        </Form.Item>
      )}
      {COUNTS.filter(name => asks(kind, name)).map(name => (
        <Form.Item
          key={name}
          name={name}
          label={label(kind, name, t)}
          rules={[{ pattern: /^\d{0,7}$/, message: t('commitments.count.not_a_number') }]}
        >
          <Input inputMode="numeric" autoComplete="off" />
        </Form.Item>
      ))}
      {purposes.length > 1 && (
        <Form.Item name="purpose" label={`${t('commitments.fields.purpose')}（${t('common.optional')}）`}>
          <NativeSelect options={purposes} />
        </Form.Item>
      )}
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

/** What the agreement asks for, and what of it is still to be promised. */
function TargetLine({ unit, target }: { unit: KindOfCommitment['unit']; target: TargetProgress }) {
  const { t } = useTranslation()
  const amount = useAmount()
  return (
    <p className={classes.left}>
      {t('commitments.form.target', {
        title: target.agreement_title,
        target: amount(unit, target.quantity),
        promised: amount(unit, target.promised ?? '0'),
        left: amount(unit, target.left ?? '0'),
      })}
    </p>
  )
}

const NEED = 'need:'
const COUNTS = ['poor_people', 'months'] as const

const asks = (kind: KindOfCommitment, name: CommitmentField) => kind.needs.includes(name) || kind.takes.includes(name)

const label = (kind: KindOfCommitment, name: CommitmentField, t: TFunction) =>
  kind.needs.includes(name)
    ? t(`commitments.detail.${name}`)
    : `${t(`commitments.detail.${name}`)}（${t('common.optional')}）`

const needed = (kind: KindOfCommitment, name: CommitmentField, t: TFunction) =>
  kind.needs.includes(name) ? [{ required: true, message: t('common.choose') }] : []

const numberOf = (typed: string | undefined) => (typed ? Number(typed) : null)

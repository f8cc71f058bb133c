import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, type FormInstance, Input } from 'antd'
import type { Rule } from 'antd/es/form'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Need, Pairing, ProjectDetail } from '@/api/types'
import { yuanToWan } from '@/lib/money'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { showProblems } from '@/ui/form/problems'
import { useReason } from '@/ui/state/States'
import { earmarksQuery } from './allocation'
import classes from './Projects.module.css'
import { CONSTRUCTION, sourcesQuery, useChange, usePropose } from './queries'
import { MilestoneRows, SourceRows } from './Rows'
import { contentOf, type Values, valuesOf } from './values'

type Props = { pairings: Pairing[]; needs: Need[]; need?: Need; pairing?: Pairing; project?: ProjectDetail }

export function ProjectForm({ pairings, needs, need, pairing, project }: Props) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  const propose = usePropose()
  const change = useChange(project)
  const pending = propose.isPending || change.isPending
  const ends = [t('projects.form.first'), t('projects.form.last')] as const
  const [taking, setTaking] = useState(Boolean(project?.participation))
  const initial: Partial<Values> = project
    ? valuesOf(project, [...ends])
    : {
        pairing: String((pairing ?? pairings[0])?.id ?? ''),
        need: need ? String(need.id) : '',
        participation: '',
        sources: [{ commitment: '', amount: '' }],
        milestones: [],
      }
  const chosen = Form.useWatch('pairing', form) ?? initial.pairing ?? ''
  const sources = useQuery(sourcesQuery(Number(chosen))).data ?? []
  useEarmarked(form, project ? '' : chosen, Form.useWatch('need', form) ?? initial.need ?? '')
  const submit = (values: Values) => {
    setRest(null)
    const content = contentOf(values, ends)
    // A promise: the fresh project is everywhere before the page changes.
    const sent = project
      ? change.mutateAsync(content)
      : propose.mutateAsync({ ...content, pairing: Number(values.pairing), need: Number(values.need) })
    sent.then(
      made => {
        void message.success(t(project ? 'projects.form.done_change' : 'projects.form.done'))
        void navigate(`/projects/${made.id}`)
      },
      (error: unknown) => setRest(showProblems(form, error)),
    )
  }
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
      <WhatFor need={need} project={project} needs={needs} pairings={pairings} />
      <Form.Item
        name="construction_type"
        label={t('projects.fields.construction')}
        rules={[said(t('projects.form.construction_missing'))]}
      >
        <NativeSelect options={CONSTRUCTION.map(value => ({ value, label: t(`projects.construction.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="responsible_unit"
        label={t('projects.fields.unit')}
        rules={[said(t('projects.form.unit_missing'))]}
      >
        <Input maxLength={80} placeholder={t('projects.form.unit_hint')} />
      </Form.Item>
      <Schedule />
      <SourceRows sources={sources} />
      <MilestoneRows form={form} ends={ends} />
      {taking ? (
        <Form.Item name="participation" label={`${t('projects.fields.participation')}（${t('common.optional')}）`}>
          <Input.TextArea
            maxLength={300}
            autoSize={{ minRows: 2 }}
            placeholder={t('projects.form.participation_hint')}
          />
        </Form.Item>
      ) : (
        <p>
          <Button size="middle" onClick={() => setTaking(true)}>
            {t('projects.form.add_participation')}
          </Button>
        </p>
      )}
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
      <p className={classes.actions}>
        <Button type="primary" htmlType="submit" loading={pending}>
          {t(project ? 'projects.form.submit_change' : 'projects.form.submit')}
        </Button>
      </p>
    </Form>
  )
}

/** What the helper means for the need is filled in, unless somebody typed something already. */
function useEarmarked(form: FormInstance<Values>, pairing: string, need: string) {
  const earmarks = useQuery(earmarksQuery({ need: pairing ? Number(need) || undefined : undefined })).data
  useEffect(() => {
    const own = (earmarks ?? []).filter(one => String(one.commitment.pairing) === pairing)
    const typed = (form.getFieldValue('sources') as Values['sources']).some(one => one.commitment || one.amount)
    if (own.length === 0 || typed) return
    form.setFieldValue(
      'sources',
      own.map(one => ({ commitment: String(one.commitment.id), amount: yuanToWan(one.earmarked) })),
    )
  }, [form, earmarks, pairing])
}

const said = (message: string): Rule => ({ required: true, whitespace: true, message })

type WhatForProps = Pick<Props, 'need' | 'project' | 'needs' | 'pairings'>

/** The need and the pairing: said already where the reader comes from one, or where there is but one. */
function WhatFor({ need, project, needs, pairings }: WhatForProps) {
  const { t } = useTranslation()
  const given = project?.need ?? need
  const nameOf = (one: Pairing) => `${one.helper.name} → ${one.recipient.full_name}`
  const only = pairings.length === 1 ? pairings[0] : undefined
  return (
    <>
      {given ? (
        <div className={classes.given}>
          <strong>{given.title}</strong>
          <p className={classes.small}>
            {t('projects.fields.target')}：{given.performance_target}
          </p>
          {only && <p className={classes.small}>{nameOf(only)}</p>}
          <Form.Item name="need" hidden>
            <input type="hidden" />
          </Form.Item>
        </div>
      ) : (
        <Form.Item name="need" label={t('projects.form.need')} rules={[said(t('projects.form.need_missing'))]}>
          <NativeSelect
            options={needs.map(one => ({ value: String(one.id), label: `${one.title}（${one.area.name}）` }))}
          />
        </Form.Item>
      )}
      {pairings.length > 1 ? (
        <Form.Item name="pairing" label={t('projects.form.pairing')} rules={[said(t('projects.form.pairing_missing'))]}>
          <NativeSelect options={pairings.map(one => ({ value: String(one.id), label: nameOf(one) }))} />
        </Form.Item>
      ) : (
        <Form.Item name="pairing" hidden>
          <input type="hidden" />
        </Form.Item>
      )}
    </>
  )
}

function Schedule() {
  const { t } = useTranslation()
  return (
    <div className={classes.pair}>
      <Form.Item name="start_date" label={t('projects.form.start')} rules={[said(t('projects.form.date_missing'))]}>
        <Input type="date" />
      </Form.Item>
      <Form.Item
        name="end_date"
        label={t('projects.form.end')}
        dependencies={['start_date']}
        rules={[
          said(t('projects.form.date_missing')),
          ({ getFieldValue }) => ({
            validator: (_, value: string) =>
              value && value < String(getFieldValue('start_date') ?? '')
                ? Promise.reject(new Error(t('projects.form.end_early')))
                : Promise.resolve(),
          }),
        ]}
      >
        <Input type="date" />
      </Form.Item>
    </div>
  )
}

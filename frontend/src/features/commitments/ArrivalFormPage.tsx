import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import type { CommitmentDetail } from '@/api/types'
import { today } from '@/lib/format'
import { difference, fenOfYuan, formatWan, yuanToWan } from '@/lib/money'
import { useAmount } from '@/ui/facts/Amount'
import { showProblems } from '@/ui/form/problems'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { ForbiddenMessage, MissingMessage, useReason } from '@/ui/state/States'
import classes from './Commitments.module.css'
import { FIGURE_NAMES, FigureField, figureOf } from './FigureField'
import { PostingFields } from './PostingFields'
import { commitmentQuery, useReportArrival } from './queries'

type Values = {
  amount: string
  occurred_date: string
  reference: string
  unit: string
  post: string
  duty: string
  end_date: string
  names: string
}

export default function ArrivalFormPage() {
  const { t } = useTranslation()
  const id = Number(useParams().id)
  const query = useQuery({ ...commitmentQuery(id), enabled: Number.isInteger(id) })
  return (
    <Page
      title={t('commitments.arrival.title')}
      lead={query.data ? `${query.data.title}，${query.data.recipient.full_name}` : t('commitments.arrival.lead')}
      width="narrow"
      crumbs={[
        { to: '/commitments', label: t('commitments.title') },
        { to: `/commitments/${id}`, label: query.data?.title ?? '…' },
      ]}
    >
      {Number.isInteger(id) ? (
        <QueryView query={query} fill>
          {commitment =>
            commitment.my_steps.includes('ARRIVE') ? (
              <Panel note={t('commitments.arrival.lead')}>
                <ArrivalForm commitment={commitment} />
              </Panel>
            ) : (
              <ForbiddenMessage why={t('commitments.report_why')} fill />
            )
          }
        </QueryView>
      ) : (
        <MissingMessage fill />
      )}
    </Page>
  )
}

function ArrivalForm({ commitment }: { commitment: CommitmentDetail }) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  const report = useReportArrival(commitment.id)
  const amount = useAmount()
  const money = commitment.unit === 'YUAN'
  const left = money ? difference(commitment.agreed, commitment.arrived) : '0'
  const submit = (values: Values) => {
    setRest(null)
    report.mutate(
      {
        ...figureOf(commitment.unit, values.amount),
        occurred_date: values.occurred_date,
        reference: (values.reference ?? '').trim(),
        posting: commitment.postings
          ? {
              unit: values.unit.trim(),
              post: values.post.trim(),
              duty: (values.duty ?? '').trim(),
              end_date: values.end_date || null,
              names: (values.names ?? '').trim(),
            }
          : null,
      },
      {
        onSuccess: () => {
          void message.success(t('commitments.arrival.done'))
          void navigate(`/commitments/${commitment.id}`)
        },
        onError: error => setRest(showProblems(form, error, FIGURE_NAMES)),
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
      disabled={report.isPending}
      initialValues={{ amount: '', occurred_date: today() }}
    >
      <p className={classes.left}>
        {t('commitments.arrival.left', {
          agreed: amount(commitment.unit, commitment.agreed),
          arrived: amount(commitment.unit, commitment.arrived),
        })}
        {fenOfYuan(left) > 0n && (
          <Button size="small" onClick={() => form.setFieldsValue({ amount: yuanToWan(left) })}>
            {t('commitments.arrival.fill', { left: formatWan(left) })}
          </Button>
        )}
      </p>
      <FigureField
        unit={commitment.unit}
        label={t(money ? 'commitments.fields.arrived_amount' : 'commitments.fields.arrived_quantity')}
      />
      <Form.Item
        name="occurred_date"
        label={t('commitments.fields.date')}
        rules={[
          { required: true, message: t('commitments.arrival.date_missing') },
          {
            validator: (_, value: string) =>
              value && value > today()
                ? Promise.reject(new Error(t('commitments.arrival.date_future')))
                : Promise.resolve(),
          },
        ]}
      >
        <Input type="date" max={today()} />
      </Form.Item>
      {money && (
        <Form.Item
          name="reference"
          label={`${t('commitments.fields.reference')}（${t('common.optional')}）`}
          extra={t('commitments.arrival.reference_hint')}
        >
          <Input maxLength={60} autoComplete="off" />
        </Form.Item>
      )}
      {commitment.postings && <PostingFields />}
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={report.isPending}>
        {t('commitments.arrival.submit')}
      </Button>
    </Form>
  )
}

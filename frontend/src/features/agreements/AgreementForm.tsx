import { App, Button, Form, type FormInstance, Input } from 'antd'
import type { Rule } from 'antd/es/form'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Agreement, AgreementContent, AgreementKind, TargetIndicator } from '@/api/types'
import { yuanToWan } from '@/lib/money'
import { Tag } from '@/ui/facts/Tag'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { showProblems } from '@/ui/form/problems'
import { amountRule, WanInput, yuanOf } from '@/ui/form/WanInput'
import { useReason } from '@/ui/state/States'
import type { Initial } from './AgreementFormPage'
import classes from './Agreements.module.css'
import { INDICATORS, isMoney, unitOf } from './indicators'
import { useChange, useDraft } from './queries'

type TargetValues = { indicator: TargetIndicator | ''; quantity: string; note: string }
type Values = {
  title: string
  start_date: string
  end_date: string
  targets: TargetValues[]
  clauses: { heading: string; text: string }[]
}
type Begin = { kind: AgreementKind; pairing: number | null }
type Props = { initial: Initial; from?: string; begin?: Begin; agreement?: Agreement }

const typed = (indicator: TargetIndicator, quantity: string): string =>
  isMoney(indicator) ? yuanToWan(quantity) : String(Math.trunc(Number(quantity)))

const valuesOf = ({ targets, ...rest }: Initial): Values => ({
  ...rest,
  targets: targets.map(one => ({
    indicator: one.indicator,
    quantity: typed(one.indicator, one.quantity),
    note: one.note ?? '',
  })),
})

function contentOf({ targets, ...rest }: Values): AgreementContent {
  return {
    ...rest,
    title: rest.title.trim(),
    targets: targets.map(({ indicator, quantity, note }) => ({
      indicator: indicator as TargetIndicator,
      quantity: isMoney(indicator) ? yuanOf(quantity) : quantity,
      note: note.trim(),
    })),
  }
}

/** The words and figures of a draft. What was filled in by the platform says so until somebody changes it. */
export function AgreementForm({ initial, from, begin, agreement }: Props) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  const draft = useDraft()
  const change = useChange(agreement)
  const pending = draft.isPending || change.isPending
  const values = valuesOf(initial)
  const submit = (given: Values) => {
    setRest(null)
    const settled = {
      onSuccess: (made: Agreement) => {
        void message.success(t('agreements.form.saved'))
        void navigate(`/agreements/${made.id}`)
      },
      onError: (error: Error) => setRest(showProblems(form, error)),
    }
    if (begin) draft.mutate({ ...contentOf(given), ...begin }, settled)
    else change.mutate(contentOf(given), settled)
  }
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      size="large"
      className={classes.form}
      onFinish={submit}
      disabled={pending}
      initialValues={values}
    >
      {begin && (
        <p className={`${classes.small} ${classes.start}`}>
          {from ? t('agreements.form.from_last', { title: from }) : t('agreements.form.from_wording')}
        </p>
      )}
      <Form.Item
        name="title"
        label={<Label form={form} name={['title']} from={begin && values.title} words={t('agreements.form.name')} />}
        rules={[said(t('agreements.form.name_missing'))]}
      >
        <Input maxLength={120} />
      </Form.Item>
      <div className={classes.dates}>
        {(['start', 'end'] as const).map(end => (
          <Form.Item
            key={end}
            name={`${end}_date`}
            label={
              <Label
                form={form}
                name={[`${end}_date`]}
                from={begin && values[`${end}_date`]}
                words={t(`agreements.form.${end}`)}
              />
            }
            rules={[said(t('agreements.form.date_missing'))]}
          >
            <Input type="date" />
          </Form.Item>
        ))}
      </div>
      <Targets form={form} from={begin ? values.targets : []} />
      <Clauses />
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={pending}>
        {t('agreements.form.submit')}
      </Button>
    </Form>
  )
}

const said = (message: string): Rule => ({ required: true, whitespace: true, message })

type LabelProps = { form: FormInstance<Values>; name: (string | number)[]; from?: string; words: string }

/** A label that says that its value was filled in, while it still is that value. */
function Label({ form, name, from, words }: LabelProps) {
  const { t } = useTranslation()
  const now: unknown = Form.useWatch(name, form)
  return (
    <span className={classes.marks}>
      {words}
      {from && now === from && <Tag tone="info">{t('agreements.form.prefilled')}</Tag>}
    </span>
  )
}

function Targets({ form, from }: { form: FormInstance<Values>; from: TargetValues[] }) {
  const { t } = useTranslation()
  return (
    <fieldset className={classes.group}>
      <legend>{t('agreements.targets')}</legend>
      <Form.List name="targets">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <Target key={key} form={form} row={name} from={from[key]} remove={() => remove(name)} />
            ))}
            <p>
              <Button onClick={() => add({ indicator: '', quantity: '', note: '' })}>
                {t('agreements.form.add_target')}
              </Button>
            </p>
          </>
        )}
      </Form.List>
    </fieldset>
  )
}

type TargetProps = { form: FormInstance<Values>; row: number; from?: TargetValues; remove: () => void }

function Target({ form, row, from, remove }: TargetProps) {
  const { t } = useTranslation()
  const rows = Form.useWatch('targets', form) as TargetValues[] | undefined
  const indicator = rows?.[row]?.indicator || undefined
  const taken = new Set((rows ?? []).filter((_, other) => other !== row).map(one => one?.indicator))
  const money = !indicator || isMoney(indicator)
  const unit = t(`agreements.unit.${indicator ? unitOf(indicator) : 'YUAN'}`)
  const whole: Rule = { pattern: /^[1-9]\d{0,7}$/, message: t('agreements.form.quantity_wrong') }
  return (
    <div className={classes.target}>
      <Form.Item
        name={[row, 'indicator']}
        label={t('agreements.form.indicator')}
        rules={[said(t('agreements.form.indicator_missing'))]}
      >
        <NativeSelect
          options={INDICATORS.filter(value => !taken.has(value)).map(value => ({
            value,
            label: t(`agreements.indicator.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item
        name={[row, 'quantity']}
        required
        label={
          <Label
            form={form}
            name={['targets', row, 'quantity']}
            from={from?.indicator === indicator ? from?.quantity : undefined}
            words={t('agreements.form.quantity', { unit })}
          />
        }
        rules={money ? [amountRule(t)] : [said(t('agreements.form.quantity_wrong')), whole]}
      >
        {money ? <WanInput /> : <Input inputMode="numeric" autoComplete="off" suffix={unit} />}
      </Form.Item>
      <Form.Item name={[row, 'note']} label={`${t('agreements.form.note')}（${t('common.optional')}）`}>
        <Input maxLength={200} />
      </Form.Item>
      <Button
        className={classes.removal}
        aria-label={t('agreements.form.remove_target', { number: row + 1 })}
        onClick={remove}
      >
        ✕
      </Button>
    </div>
  )
}

function Clauses() {
  const { t } = useTranslation()
  return (
    <fieldset className={classes.group}>
      <legend>{t('agreements.clauses')}</legend>
      <Form.List name="clauses">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className={classes.block}>
                <div className={classes.head}>
                  <Form.Item
                    name={[name, 'heading']}
                    label={t('agreements.form.heading')}
                    rules={[said(t('agreements.form.heading_missing'))]}
                  >
                    <Input maxLength={40} />
                  </Form.Item>
                  <Button
                    className={classes.removal}
                    aria-label={t('agreements.form.remove_clause', { number: name + 1 })}
                    onClick={() => remove(name)}
                  >
                    ✕
                  </Button>
                </div>
                <Form.Item
                  name={[name, 'text']}
                  label={t('agreements.form.text')}
                  rules={[said(t('agreements.form.text_missing'))]}
                >
                  <Input.TextArea maxLength={4000} autoSize={{ minRows: 2 }} />
                </Form.Item>
              </div>
            ))}
            <p>
              <Button onClick={() => add({ heading: '', text: '' })}>{t('agreements.form.add_clause')}</Button>
            </p>
          </>
        )}
      </Form.List>
    </fieldset>
  )
}

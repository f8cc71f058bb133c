import { Button, Form, type FormInstance, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Commitment } from '@/api/types'
import { formatWan } from '@/lib/money'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { amountRule, WanInput } from '@/ui/form/WanInput'
import classes from './Projects.module.css'
import { OWN, type Values } from './values'

/** Whence the money comes: commitments of the pairing, and the county's own. */
export function SourceRows({ sources }: { sources: Commitment[] }) {
  const { t } = useTranslation()
  const options = [
    ...sources.map(one => ({
      value: String(one.id),
      label: t('projects.form.source_left', { title: one.title, year: one.year, agreed: formatWan(one.agreed) }),
    })),
    { value: OWN, label: t('projects.own_money') },
  ]
  return (
    <fieldset className={classes.group}>
      <legend>{t('projects.plan')}</legend>
      <Form.List name="sources">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className={classes.row}>
                <Form.Item
                  name={[name, 'commitment']}
                  label={t('projects.form.source')}
                  rules={[{ required: true, message: t('projects.form.source_missing') }]}
                >
                  <NativeSelect options={options} />
                </Form.Item>
                <Form.Item
                  name={[name, 'amount']}
                  label={t('projects.form.source_amount')}
                  required
                  rules={[amountRule(t)]}
                >
                  <WanInput />
                </Form.Item>
                {fields.length > 1 && (
                  <Button
                    aria-label={t('projects.form.remove_source', { number: name + 1 })}
                    onClick={() => remove(name)}
                  >
                    ×
                  </Button>
                )}
              </div>
            ))}
            <Button size="middle" onClick={() => add({ commitment: '', amount: '' })}>
              {t('projects.form.add_source')}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  )
}

type Props = { form: FormInstance<Values>; ends: readonly [string, string] }

/** The steps between the two ends of the schedule. */
export function MilestoneRows({ form, ends: [first, last] }: Props) {
  const { t } = useTranslation()
  const [from, to] = [Form.useWatch('start_date', form), Form.useWatch('end_date', form)]
  const end = (name: string, date: string | undefined) => `${name}${date ? `（${date}）` : ''}`
  return (
    <fieldset className={classes.group}>
      <legend>{t('projects.form.milestones')}</legend>
      <p className={classes.small}>{t('projects.form.milestones_note')}</p>
      <p>
        {end(first, from)} · {end(last, to)}
      </p>
      <Form.List name="milestones">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className={classes.row}>
                <Form.Item
                  name={[name, 'name']}
                  label={t('projects.form.milestone')}
                  rules={[{ required: true, whitespace: true, message: t('projects.form.milestone_missing') }]}
                >
                  <Input maxLength={60} />
                </Form.Item>
                <Form.Item
                  name={[name, 'due_date']}
                  label={t('projects.form.due')}
                  rules={[{ required: true, message: t('projects.form.date_missing') }]}
                >
                  <Input type="date" />
                </Form.Item>
                <Button
                  aria-label={t('projects.form.remove_milestone', { number: name + 1 })}
                  onClick={() => remove(name)}
                >
                  ×
                </Button>
              </div>
            ))}
            <Button size="middle" onClick={() => add({ name: '', due_date: '' })}>
              {t('projects.form.add_milestone')}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  )
}

import { Button, Form, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/problem'
import type { HelpCategory, HelpMode, Offer, Profile } from '@/api/types'
import { yuanToWan } from '@/lib/money'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { optionalAmountRule, WanInput, yuanOf } from '@/ui/form/WanInput'
import { useReason } from '@/ui/state/States'
import { filled } from './FactFields'
import classes from './Parties.module.css'
import { CATEGORIES, MODES, useNameContacts, useStateCapabilities, useStateCapacities } from './queries'

type Name = (field: string) => (string | number)[]

type ListProps<Row> = {
  title: string
  note?: string
  part: string
  rows: Row[]
  blank: Row
  fields: (name: Name) => ReactNode
  pending: boolean
  send: (rows: Row[], done: { onSuccess: () => void; onError: (error: Error) => void }) => void
}

/** One list of a party, edited as a whole in a dialog; a refusal stands beside its field, by row. */
function ListEditor<Row extends object>({ title, note, part, rows, blank, fields, pending, send }: ListProps<Row>) {
  const { t } = useTranslation()
  const reason = useReason()
  const [open, setOpen] = useState(false)
  const [rest, setRest] = useState<Error | null>(null)
  const [form] = Form.useForm<{ rows: Row[] }>()
  const close = () => {
    setOpen(false)
    setRest(null)
  }
  const refused = (error: Error) => {
    setRest(error)
    if (!(error instanceof Problem)) return
    const placed = error.errors.flatMap(({ field, message }) => {
      const [list, row, name] = field.split('.')
      return list === part && row && name ? [{ name: ['rows', Number(row), name], errors: [message] }] : []
    })
    form.setFields(placed as never)
  }
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('parties.edit')}
      </Button>
      <Modal
        open={open}
        title={title}
        width={760}
        okText={t('common.save')}
        cancelText={t('common.cancel')}
        confirmLoading={pending}
        onOk={() => form.submit()}
        onCancel={close}
        destroyOnHidden
      >
        {note && <p className={classes.small}>{note}</p>}
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          preserve={false}
          initialValues={{ rows: rows.length > 0 ? rows : [blank] }}
          onFinish={values => send(values.rows ?? [], { onSuccess: close, onError: refused })}
        >
          <Form.List name="rows">
            {(items, { add, remove }) => (
              <>
                {items.map(({ key, name }, at) => (
                  <div key={key} className={classes.row}>
                    {fields(field => [name, field])}
                    <div className={classes.rowEnd}>
                      <Button
                        type="text"
                        danger
                        aria-label={t('parties.remove_row', { row: at + 1 })}
                        onClick={() => remove(name)}
                      >
                        {t('parties.remove')}
                      </Button>
                    </div>
                  </div>
                ))}
                <Button type="dashed" block onClick={() => add(blank)}>
                  {t('parties.add')}
                </Button>
              </>
            )}
          </Form.List>
        </Form>
        {rest && (
          <p role="alert" className={classes.error}>
            {reason(rest)}
          </p>
        )}
      </Modal>
    </>
  )
}

type OfferRow = {
  category: HelpCategory | ''
  mode: HelpMode | ''
  quantity: string
  unit: string
  description: string
  proof: string
}
const BLANK: OfferRow = { category: '', mode: '', quantity: '', unit: '', description: '', proof: '' }

export function EditCapabilities({ profile }: { profile: Profile }) {
  const { t } = useTranslation()
  const state = useStateCapabilities(profile)
  const rows = profile.party.capabilities.map(one => ({
    category: one.category,
    mode: one.mode ?? '',
    quantity: one.quantity?.replace(/\.?0+$/, '') ?? '',
    unit: one.unit ?? '',
    description: one.description ?? '',
    proof: one.proof ?? '',
  }))
  const modes = [
    { value: 'ANY', label: t('parties.any_mode') },
    ...MODES.map(value => ({ value, label: t(`commitments.mode.${value}`) })),
  ]
  return (
    <ListEditor<OfferRow>
      title={t('parties.capabilities')}
      note={t('parties.proof_later')}
      part="capabilities"
      rows={rows}
      blank={BLANK}
      pending={state.isPending}
      send={(said, done) =>
        state.mutate(
          said.map(row => ({ ...row, quantity: row.quantity || null }) as Offer),
          done,
        )
      }
      fields={name => (
        <>
          <Form.Item name={name('category')} label={t('parties.fields.category')} rules={[filled(t('common.choose'))]}>
            <NativeSelect options={CATEGORIES.map(value => ({ value, label: t(`needs.category.${value}`) }))} />
          </Form.Item>
          <Form.Item
            name={name('mode')}
            label={t('parties.fields.mode')}
            getValueProps={(value: string) => ({ value: value || 'ANY' })}
            normalize={(value: string) => (value === 'ANY' ? '' : value)}
          >
            <NativeSelect options={modes} />
          </Form.Item>
          <Form.Item name={name('quantity')} label={t('parties.fields.quantity')}>
            <Input inputMode="decimal" autoComplete="off" />
          </Form.Item>
          <Form.Item name={name('unit')} label={t('parties.fields.unit')}>
            <Input maxLength={10} />
          </Form.Item>
          <Form.Item name={name('description')} label={t('parties.fields.description')}>
            <Input maxLength={500} />
          </Form.Item>
          <Form.Item name={name('proof')} label={t('parties.fields.proof')}>
            <Input maxLength={300} />
          </Form.Item>
        </>
      )}
    />
  )
}

type CapacityRow = { year: string; villages: string; counties: string; budget_yuan: string }
const text = (value: number | null | undefined): string => (value == null ? '' : String(value))
const number = (value: string): number | null => (value ? Number(value) : null)

export function EditCapacities({ profile }: { profile: Profile }) {
  const { t } = useTranslation()
  const state = useStateCapacities(profile)
  const rows = profile.capacities.map(one => ({
    year: String(one.year),
    villages: text(one.villages),
    counties: text(one.counties),
    budget_yuan: one.budget_yuan ? yuanToWan(one.budget_yuan) : '',
  }))
  const year = String(new Date().getFullYear())
  return (
    <ListEditor<CapacityRow>
      title={t('parties.capacities')}
      part="capacities"
      rows={rows}
      blank={{ year, villages: '', counties: '', budget_yuan: '' }}
      pending={state.isPending}
      send={(said, done) =>
        state.mutate(
          said.map(row => ({
            year: Number(row.year),
            villages: number(row.villages),
            counties: number(row.counties),
            budget_yuan: row.budget_yuan ? yuanOf(row.budget_yuan) : null,
          })),
          done,
        )
      }
      fields={name => (
        <>
          <Form.Item name={name('year')} label={t('parties.fields.year')} rules={[filled(t('parties.fields.year'))]}>
            <Input inputMode="numeric" maxLength={4} />
          </Form.Item>
          <Form.Item name={name('villages')} label={t('parties.fields.villages')}>
            <Input inputMode="numeric" maxLength={6} />
          </Form.Item>
          <Form.Item name={name('counties')} label={t('parties.fields.counties')}>
            <Input inputMode="numeric" maxLength={4} />
          </Form.Item>
          <Form.Item name={name('budget_yuan')} label={t('parties.fields.budget')} rules={[optionalAmountRule(t)]}>
            <WanInput />
          </Form.Item>
        </>
      )}
    />
  )
}

type ContactRow = { name: string; phone: string; post: string }

export function EditContacts({ profile }: { profile: Profile }) {
  const { t } = useTranslation()
  const state = useNameContacts(profile)
  return (
    <ListEditor<ContactRow>
      title={t('parties.contacts')}
      note={t('parties.contacts_private')}
      part="contacts"
      rows={(profile.contacts ?? []).map(one => ({ ...one, post: one.post ?? '' }))}
      blank={{ name: '', phone: '', post: '' }}
      pending={state.isPending}
      send={state.mutate}
      fields={name => (
        <>
          <Form.Item
            name={name('name')}
            label={t('parties.fields.contact_name')}
            rules={[filled(t('parties.join_page.contact_missing'))]}
          >
            <Input maxLength={60} />
          </Form.Item>
          <Form.Item
            name={name('phone')}
            label={t('parties.fields.phone')}
            rules={[filled(t('parties.join_page.phone_wrong'))]}
          >
            <Input maxLength={20} inputMode="tel" />
          </Form.Item>
          <Form.Item name={name('post')} label={t('parties.fields.post')}>
            <Input maxLength={60} />
          </Form.Item>
        </>
      )}
    />
  )
}

import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact, ContactKind, Pairing } from '@/api/types'
import { formatDate, today } from '@/lib/format'
import { ActionButton } from '@/ui/form/ActionButton'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { showProblems } from '@/ui/form/problems'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty, useReason } from '@/ui/state/States'
import classes from './Pairings.module.css'
import { CONTACT_KINDS, contactsQuery, useRecordContact, useVoidContact } from './queries'

const CONTACTED: readonly Pairing['status'][] = ['AGREED', 'IN_FORCE', 'COMPLETED', 'ENDED']

/** When both sides met or spoke: typed once by either, counted for both. */
export function Contacts({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  const [voiding, setVoiding] = useState<Contact | null>(null)
  const query = useQuery(contactsQuery(pairing.id))
  const why = !pairing.my_side
    ? t('pairings.contacts.why_side')
    : CONTACTED.includes(pairing.status)
      ? null
      : t('pairings.contacts.why_status')
  return (
    <Panel
      title={t('pairings.contacts.title')}
      aside={
        !adding && (
          <ActionButton why={why} onClick={() => setAdding(true)}>
            {t('pairings.contacts.record')}
          </ActionButton>
        )
      }
    >
      {adding && <ContactForm pairing={pairing} onDone={() => setAdding(false)} />}
      <QueryView
        query={query}
        isEmpty={rows => rows.length === 0}
        empty={!adding && <Empty compact title={t('pairings.contacts.empty')} />}
      >
        {rows => (
          <ul>
            {rows.map(contact => (
              <li key={contact.id} className={classes.line}>
                <Line contact={contact} onVoid={() => setVoiding(contact)} />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
      {voiding && <VoidDialog contact={voiding} onClose={() => setVoiding(null)} />}
    </Panel>
  )
}

function Line({ contact, onVoid }: { contact: Contact; onVoid: () => void }) {
  const { t } = useTranslation()
  const people = contact.participants
  return (
    <>
      <span className={contact.void_reason ? classes.voided : undefined}>
        {formatDate(contact.contact_date)} {t(`pairings.contacts.kind.${contact.kind}`)}
        {people ? `，${t('pairings.contacts.people', { people })}` : ''}
        {contact.note && `：${contact.note}`}
      </span>
      <span className={classes.small}>
        {t('pairings.contacts.by', { side: t(`common.side.${contact.recorded_by_side}`), name: contact.recorded_by })}
        {contact.void_reason && ` · ${t('pairings.contacts.voided', { reason: contact.void_reason })}`}
        {contact.may_void && (
          <Button type="link" size="small" onClick={onVoid}>
            {t('pairings.contacts.void')}
          </Button>
        )}
      </span>
    </>
  )
}

function VoidDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation()
  const reason = useReason()
  const remove = useVoidContact()
  return (
    <ReasonDialog
      open
      title={t('pairings.contacts.void_title')}
      hint={t('pairings.contacts.void_hint')}
      missing={t('pairings.contacts.void_missing')}
      submit={t('pairings.contacts.void')}
      pending={remove.isPending}
      error={remove.error && reason(remove.error)}
      onCancel={onClose}
      onSubmit={words => remove.mutate({ contact: contact.id, reason: words }, { onSuccess: onClose })}
    />
  )
}

type Values = { kind: ContactKind; contact_date: string; participants: string; note: string }

function ContactForm({ pairing, onDone }: { pairing: Pairing; onDone: () => void }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  const record = useRecordContact(pairing.id)
  const submit = ({ participants, ...values }: Values) => {
    setRest(null)
    record.mutate(
      { ...values, participants: participants ? Number(participants) : null },
      {
        onSuccess: () => {
          void message.success(t('pairings.contacts.done'))
          onDone()
        },
        onError: error => setRest(showProblems(form, error)),
      },
    )
  }
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      size="large"
      onFinish={submit}
      disabled={record.isPending}
      initialValues={{
        kind: pairing.my_side === 'RECIPIENT' ? 'RECIPIENT_VISITS' : 'HELPER_VISITS',
        contact_date: today(),
        participants: '',
        note: '',
      }}
    >
      <div className={classes.pair}>
        <Form.Item name="kind" label={t('pairings.contacts.kind_label')}>
          <NativeSelect
            options={CONTACT_KINDS.map(value => ({ value, label: t(`pairings.contacts.kind.${value}`) }))}
          />
        </Form.Item>
        <Form.Item
          name="contact_date"
          label={t('pairings.contacts.date')}
          rules={[{ required: true, message: t('pairings.contacts.date_missing') }]}
        >
          <Input type="date" max={today()} />
        </Form.Item>
      </div>
      <Form.Item
        name="participants"
        label={`${t('pairings.contacts.participants')}（${t('common.optional')}）`}
        rules={[{ pattern: /^[1-9]\d{0,3}$/, message: t('pairings.contacts.participants_wrong') }]}
      >
        <Input inputMode="numeric" autoComplete="off" />
      </Form.Item>
      <Form.Item name="note" label={`${t('pairings.contacts.note')}（${t('common.optional')}）`}>
        <Input.TextArea maxLength={500} autoSize={{ minRows: 2 }} />
      </Form.Item>
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
      <div className={classes.answer}>
        <Button type="primary" htmlType="submit" loading={record.isPending}>
          {t('pairings.contacts.submit')}
        </Button>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
      </div>
    </Form>
  )
}

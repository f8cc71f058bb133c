import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { wordsOf } from '@/api/problem'
import { useSession } from '@/api/session'
import type { HelpCategory, Industry, PartyKind } from '@/api/types'
import { useSettled } from '@/lib/settled'
import { showProblems } from '@/ui/form/problems'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { Empty, useReason } from '@/ui/state/States'
import { AccountFields } from './AccountFields'
import { CategoryTicks } from './CategoryTicks'
import { FactFields, filled } from './FactFields'
import classes from './Parties.module.css'
import { alikeQuery, codeQuery, NO_OFFER, useJoin } from './queries'

type Values = {
  kind: PartyKind
  name: string
  uscc: string
  area: string
  industry: Industry
  contact_name: string
  phone: string
  post: string
  username: string
  password: string
  categories: HelpCategory[]
}

// The API's names of nested fields, and the form's.
const NAMES = { 'contact.name': 'contact_name', 'contact.phone': 'phone', 'contact.post': 'post' }

/** One visit, one page: who you are, who answers, an account, and what you can do. */
export default function JoinPage() {
  const { t } = useTranslation()
  const { user } = useSession()
  const [wasIn] = useState(user !== null)
  return (
    <Page title={t('parties.join_page.title')} lead={t('parties.join_page.lead')} width="narrow">
      {wasIn ? (
        <Panel>
          <Empty
            title={t('parties.join_page.logged_in')}
            action={<Link to="/organisation">{t('parties.join_page.to_own')}</Link>}
          />
        </Panel>
      ) : (
        <JoinForm />
      )}
    </Page>
  )
}

function JoinForm() {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const [rest, setRest] = useState<Error | null>(null)
  const join = useJoin()
  const submit = ({ categories, contact_name, phone, post, ...values }: Values) => {
    setRest(null)
    join.mutate(
      {
        ...values,
        name: values.name.trim(),
        contact: { name: contact_name.trim(), phone: phone.trim(), post: (post ?? '').trim() },
        capabilities: categories.map(category => ({ ...NO_OFFER, category })),
      },
      {
        onSuccess: () => {
          void message.success(t('parties.join_page.done'))
          void navigate('/organisation')
        },
        onError: error => setRest(showProblems(form, error, NAMES)),
      },
    )
  }
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      size="large"
      requiredMark={false}
      className={classes.form}
      onFinish={submit}
      scrollToFirstError
      disabled={join.isPending}
      initialValues={{ kind: 'ENTERPRISE', categories: [] }}
    >
      <Panel title={t('parties.join_page.who')}>
        <FactFields />
        <Alike name={Form.useWatch('name', form) ?? ''} />
        <CodeCheck uscc={Form.useWatch('uscc', form) ?? ''} />
      </Panel>
      <Panel title={t('parties.join_page.answer')} note={t('parties.contacts_private')}>
        <div className={classes.pair}>
          <Form.Item
            name="contact_name"
            label={t('parties.fields.contact_name')}
            rules={[filled(t('parties.join_page.contact_missing'))]}
          >
            <Input maxLength={60} autoComplete="name" />
          </Form.Item>
          <Form.Item
            name="phone"
            label={t('parties.fields.phone')}
            rules={[
              {
                required: true,
                pattern: /^\s*\+?[0-9][0-9 -]{3,17}[0-9]\s*$/,
                message: t('parties.join_page.phone_wrong'),
              },
            ]}
          >
            <Input inputMode="tel" autoComplete="tel" maxLength={20} />
          </Form.Item>
          <Form.Item name="post" label={`${t('parties.fields.post')}（${t('common.optional')}）`}>
            <Input maxLength={60} />
          </Form.Item>
        </div>
      </Panel>
      <Panel title={t('parties.join_page.account')}>
        <AccountFields />
      </Panel>
      <Panel title={t('parties.join_page.offer')} note={t('parties.join_page.offer_note')}>
        <Form.Item name="categories" noStyle>
          <CategoryTicks />
        </Form.Item>
      </Panel>
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
      <div className={classes.steps}>
        <Button type="primary" htmlType="submit" loading={join.isPending}>
          {t(join.isPending ? 'parties.join_page.submitting' : 'parties.join_page.submit')}
        </Button>
      </div>
      <p className={classes.small}>
        {t('parties.join_page.have_account')} <Link to="/login">{t('parties.join_page.log_in')}</Link>
      </p>
    </Form>
  )
}

/** What form and register say of the code, while it is still being typed. */
function CodeCheck({ uscc }: { uscc: string }) {
  const { t } = useTranslation()
  const code = useSettled(uscc.replace(/[\s-]/g, '').toUpperCase())
  const query = useQuery(codeQuery(code))
  if (code.length !== 18) return null
  const wrong = query.error ? wordsOf(query.error, t('common.states.unreachable')) : query.data?.detail
  return (
    <p role="status" className={wrong ? classes.error : classes.ok}>
      {query.isPending ? t('parties.join_page.code_checking') : wrong || t('parties.join_page.code_free')}
    </p>
  )
}

/** Whoever is there already under a name like this one. */
function Alike({ name }: { name: string }) {
  const { t } = useTranslation()
  const { data } = useQuery(alikeQuery(useSettled(name.trim())))
  if (!data?.length || name.trim().length < 4) return null
  return (
    <div className={classes.hint} role="status">
      {t('parties.join_page.alike')}
      <ul>
        {data.map(one => (
          <li key={one.id}>
            {one.name} {one.area_name && <span className={classes.small}>{one.area_name}</span>}
          </li>
        ))}
      </ul>
      {t('parties.join_page.alike_next')}
    </div>
  )
}

import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router'
import { isProblem } from '@/api/problem'
import { homeOf, useLogIn, useSession } from '@/api/session'
import type { DemoAccount } from '@/api/types'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import classes from './LogInPage.module.css'

type Credentials = { username: string; password: string }

/** Only paths of this application: an address from outside must not lead people away after the log-in. */
function safePath(next: string | null): string | null {
  return next && /^\/(?![/\\])/.test(next) ? next : null
}

export default function LogInPage() {
  const { t } = useTranslation()
  const { user, demo_accounts } = useSession()
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const logIn = useLogIn()
  const next = safePath(params.get('next'))
  if (user && !logIn.isPending) return <Navigate to={next ?? homeOf(user)} replace />
  const enter = (credentials: Credentials) =>
    logIn.mutate(credentials, {
      onSuccess: session => void navigate(next ?? homeOf(session.user), { replace: true }),
    })
  return (
    <Page title={t('shell.log_in_page.title')} lead={t('shell.log_in_page.lead')}>
      <div className={classes.columns}>
        <div className={classes.left}>
          <Panel>
            <CredentialsForm onSubmit={enter} pending={logIn.isPending} error={logIn.error} />
          </Panel>
          <p className={classes.without}>
            {t('shell.log_in_page.join_lead')} <Link to="/join">{t('shell.log_in_page.join')}</Link>
          </p>
          <p className={classes.without}>
            {t('shell.log_in_page.without')} <Link to="/counties">{t('shell.log_in_page.without_link')}</Link>
          </p>
        </div>
        {demo_accounts.length > 0 ? (
          <DemoAccounts accounts={demo_accounts} onEnter={enter} pending={logIn.isPending} />
        ) : (
          <Points />
        )}
      </div>
    </Page>
  )
}

type FormProps = { onSubmit: (credentials: Credentials) => void; pending: boolean; error: Error | null }

function CredentialsForm({ onSubmit, pending, error }: FormProps) {
  const { t } = useTranslation()
  const reason = useReason()
  const wrong = isProblem(error, 400, 429)
  return (
    <Form<Credentials> layout="vertical" onFinish={onSubmit} requiredMark={false} size="large" disabled={pending}>
      <Form.Item
        name="username"
        label={t('shell.log_in_page.username')}
        rules={[{ required: true, message: t('shell.log_in_page.username_missing') }]}
      >
        <Input autoComplete="username" autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('shell.log_in_page.password')}
        rules={[{ required: true, message: t('shell.log_in_page.password_missing') }]}
        validateStatus={wrong ? 'error' : undefined}
        help={wrong ? error.message : undefined}
      >
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {error && !wrong && (
        <p role="alert" className={classes.error}>
          {reason(error)}
        </p>
      )}
      <Button type="primary" htmlType="submit" block loading={pending}>
        {t(pending ? 'shell.log_in_page.submitting' : 'shell.log_in_page.submit')}
      </Button>
    </Form>
  )
}

type DemoProps = { accounts: DemoAccount[]; onEnter: (credentials: Credentials) => void; pending: boolean }

function DemoAccounts({ accounts, onEnter, pending }: DemoProps) {
  const { t } = useTranslation()
  return (
    <Panel title={t('shell.log_in_page.demo_title')} note={t('shell.log_in_page.demo_lead')}>
      <ul className={classes.accounts}>
        {accounts.map(account => (
          <li key={account.username}>
            <button
              type="button"
              disabled={pending}
              className={classes.account}
              onClick={() => onEnter({ username: account.username, password: account.password })}
            >
              <span className={classes.role}>{account.role}</span>
              <span className={classes.name}>{account.display_name}</span>
              <span className={classes.note}>{account.note}</span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Points() {
  const { t } = useTranslation()
  return (
    <ul className={classes.points}>
      {(['one', 'two', 'three'] as const).map(point => (
        <li key={point}>
          <h2>{t(`shell.log_in_page.points.${point}_title`)}</h2>
          <p>{t(`shell.log_in_page.points.${point}`)}</p>
        </li>
      ))}
    </ul>
  )
}

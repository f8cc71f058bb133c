import { useQuery } from '@tanstack/react-query'
import { Button, Form } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { homeOf } from '@/api/session'
import { showProblems } from '@/ui/form/problems'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty, useReason } from '@/ui/state/States'
import { AccountFields } from './AccountFields'
import { invitedQuery, useAccept } from './invitations'
import classes from './Parties.module.css'

/** Take up an invitation. The token stands after the #: it reaches no server log and no referrer. */
export default function InvitationPage() {
  const { t } = useTranslation()
  const [token] = useState(() => window.location.hash.slice(1))
  const query = useQuery(invitedQuery(token))
  return (
    <Page title={t('parties.invitation_page.title')} lead={t('parties.invitation_page.lead')} width="narrow">
      <Panel>
        {token === '' ? (
          <Empty title={t('parties.invitation_page.no_token')} />
        ) : (
          <QueryView query={query}>
            {invited => (
              <>
                <p className={classes.state}>
                  {t('parties.invitation_page.for', {
                    name: invited.display_name,
                    role: t(`shell.roles.${invited.role}`),
                    party: invited.party_name,
                  })}
                </p>
                <AcceptForm token={token} />
              </>
            )}
          </QueryView>
        )}
      </Panel>
    </Page>
  )
}

function AcceptForm({ token }: { token: string }) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const [form] = Form.useForm<{ username: string; password: string }>()
  const [rest, setRest] = useState<Error | null>(null)
  const accept = useAccept()
  return (
    <Form
      form={form}
      layout="vertical"
      size="large"
      requiredMark={false}
      disabled={accept.isPending}
      onFinish={values =>
        accept.mutate(
          { ...values, token },
          {
            onSuccess: session => void navigate(homeOf(session.user), { replace: true }),
            onError: error => setRest(showProblems(form, error)),
          },
        )
      }
    >
      <AccountFields />
      {rest && (
        <p role="alert" className={classes.error}>
          {reason(rest)}
        </p>
      )}
      <Button type="primary" htmlType="submit" loading={accept.isPending}>
        {t('parties.invitation_page.submit')}
      </Button>
    </Form>
  )
}

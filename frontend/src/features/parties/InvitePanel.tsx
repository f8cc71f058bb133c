import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Invitation, MadeInvitation, Party, PartyKind } from '@/api/types'
import { formatTime } from '@/lib/format'
import { Tag } from '@/ui/facts/Tag'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty, useReason } from '@/ui/state/States'
import { filled } from './FactFields'
import { type InvitableRole, invitationsQuery, useInvite, useWithdraw } from './invitations'
import classes from './Parties.module.css'

const ROLES: Record<PartyKind, InvitableRole[]> = {
  GOVERNMENT: ['PARTNER', 'RECIPIENT'],
  CENTRAL_UNIT: ['CENTRAL_UNIT'],
  FEDERATION: ['FEDERATION'],
  ENTERPRISE: ['COMPANY'],
  SOCIAL_ORGANISATION: ['COMPANY'],
  CHAMBER: ['COMPANY'],
}

/** Make a one-time link for somebody of the party; it is shown once and passed on by hand. */
export function InvitePanel({ party }: { party: Party }) {
  const { t } = useTranslation()
  const reason = useReason()
  const [form] = Form.useForm<{ display_name: string; role: InvitableRole }>()
  const invite = useInvite(party.id)
  const roles = ROLES[party.kind]
  return (
    <Panel title={t('parties.invite.title')} note={t('parties.invite.lead')}>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        disabled={invite.isPending}
        initialValues={{ role: roles[0] }}
        onFinish={values => invite.mutate(values, { onSuccess: () => form.resetFields() })}
      >
        <div className={classes.pair}>
          <Form.Item
            name="display_name"
            label={t('parties.invite.name')}
            rules={[filled(t('parties.invite.name_missing'))]}
          >
            <Input maxLength={60} autoComplete="off" />
          </Form.Item>
          <Form.Item name="role" label={t('parties.invite.role')}>
            <NativeSelect options={roles.map(value => ({ value, label: t(`shell.roles.${value}`) }))} />
          </Form.Item>
        </div>
        <Button type="primary" htmlType="submit" loading={invite.isPending}>
          {t('parties.invite.submit')}
        </Button>
      </Form>
      {invite.error && (
        <p role="alert" className={classes.error}>
          {reason(invite.error)}
        </p>
      )}
      {invite.data && <Link made={invite.data} />}
      <Sent party={party.id} />
    </Panel>
  )
}

function Link({ made }: { made: MadeInvitation }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const address = `${window.location.origin}/invitation#${made.token}`
  return (
    <div className={classes.link} role="status">
      <strong>{t('parties.invite.link')}</strong>
      <output>{address}</output>
      <span className={classes.small}>{t('parties.invite.link_note', { until: formatTime(made.expires_at) })}</span>
      <Button
        size="small"
        onClick={() =>
          void navigator.clipboard.writeText(address).then(() => message.success(t('parties.invite.copied')))
        }
      >
        {t('parties.invite.copy')}
      </Button>
    </div>
  )
}

function Sent({ party }: { party: number }) {
  const { t } = useTranslation()
  const query = useQuery(invitationsQuery(party))
  const withdraw = useWithdraw(party)
  return (
    <>
      <h3 className={classes.sent}>{t('parties.invite.list')}</h3>
      <QueryView
        query={query}
        isEmpty={rows => rows.length === 0}
        empty={<Empty compact title={t('parties.invite.none')} />}
      >
        {rows => (
          <ul className={classes.offers}>
            {rows.map(one => (
              <li key={one.id} className={classes.offer}>
                <strong>{one.display_name}</strong>
                <span>{t(`shell.roles.${one.role}`)}</span>
                <Fate invitation={one} />
                {one.status === 'OPEN' && (
                  <Button
                    size="small"
                    loading={withdraw.isPending && withdraw.variables.id === one.id}
                    onClick={() => withdraw.mutate(one)}
                  >
                    {t('parties.invite.withdraw')}
                  </Button>
                )}
                <p className={classes.small}>
                  {t('parties.invite.by', { name: one.invited_by, until: formatTime(one.expires_at) })}
                </p>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </>
  )
}

function Fate({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation()
  const status = invitation.status ?? 'OPEN'
  const over = status === 'OPEN' && new Date(invitation.expires_at) < new Date()
  return (
    <Tag tone={status === 'ACCEPTED' ? 'ok' : 'neutral'}>
      {t(over ? 'parties.invite.over' : `parties.invite.status.${status}`)}
      {invitation.username && ` · ${invitation.username}`}
    </Tag>
  )
}

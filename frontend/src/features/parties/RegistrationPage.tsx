import { useQuery } from '@tanstack/react-query'
import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { Profile } from '@/api/types'
import { formatTime } from '@/lib/format'
import { ActionButton } from '@/ui/form/ActionButton'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { MissingMessage, useReason } from '@/ui/state/States'
import { AboutParty, CapabilityList, CapacityList, ContactList } from './AboutParty'
import { Compare } from './Compare'
import { History } from './History'
import { InvitePanel } from './InvitePanel'
import classes from './Parties.module.css'
import { profileQuery, useDecide } from './queries'
import { Standing } from './Standing'

/** One registration, for whoever has to vouch for it or watches over it. */
export default function RegistrationPage() {
  const { t } = useTranslation()
  const id = Number(useParams().id)
  const query = useQuery({ ...profileQuery(id), enabled: Number.isInteger(id) })
  const profile = query.data
  return (
    <Page
      title={profile?.party.name ?? t('parties.queue.title')}
      crumbs={[{ to: '/registrations', label: t('parties.queue.title') }]}
      marks={profile && <Standing party={profile.party} />}
    >
      {Number.isInteger(id) ? (
        <QueryView query={query} fill>
          {found => <Body profile={found} />}
        </QueryView>
      ) : (
        <MissingMessage fill />
      )}
    </Page>
  )
}

function Body({ profile }: { profile: Profile }) {
  const { party } = profile
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        {profile.my_steps.includes('VERIFY') && <Compare party={party} alike={profile.alike} />}
        <AboutParty party={party} />
        {profile.contacts && <ContactList contacts={profile.contacts} />}
        <CapabilityList capabilities={party.capabilities} />
        <CapacityList capacities={profile.capacities} />
      </div>
      <div className={classes.column}>
        <Verdict profile={profile} />
        {profile.may_invite && <InvitePanel party={party} />}
        <History party={party.id} />
      </div>
    </div>
  )
}

function Verdict({ profile }: { profile: Profile }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [asking, setAsking] = useState(false)
  const decide = useDecide(profile)
  const { my_steps: steps, registration } = profile
  const take = (step: 'VERIFY' | 'REFUSE', words = '') =>
    decide.mutate(
      { step, reason: words },
      {
        onSuccess: () => {
          setAsking(false)
          void message.success(t(step === 'VERIFY' ? 'parties.verify_page.verified' : 'parties.verify_page.refused'))
        },
      },
    )
  return (
    <Panel title={t('parties.verify_page.handle')}>
      {registration && (
        <p className={classes.state}>
          {t('parties.columns.submitted')} {formatTime(registration.submitted_at)}
        </p>
      )}
      {registration?.refusal && (
        <div className={classes.state}>
          <blockquote>{registration.refusal}</blockquote>
        </div>
      )}
      {!steps.includes('VERIFY') && !steps.includes('REFUSE') && (
        <p className={classes.small}>{t('parties.verify_page.not_mine', { authority: profile.authority })}</p>
      )}
      {registration?.status === 'VERIFIED' && (
        <p className={classes.state}>
          <Link to={`/villages?party=${profile.party.id}`}>{t('parties.verify_page.villages')}</Link>
        </p>
      )}
      <div className={classes.steps}>
        {steps.includes('VERIFY') && (
          <ActionButton type="primary" loading={decide.isPending && !asking} onClick={() => take('VERIFY')}>
            {t('parties.verify_page.verify')}
          </ActionButton>
        )}
        {steps.includes('REFUSE') && (
          <ActionButton onClick={() => setAsking(true)}>
            {t(registration?.status === 'VERIFIED' ? 'parties.verify_page.withdraw' : 'parties.verify_page.refuse')}
          </ActionButton>
        )}
      </div>
      {decide.error && !asking && (
        <p role="alert" className={classes.error}>
          {reason(decide.error)}
        </p>
      )}
      <ReasonDialog
        open={asking}
        title={t('parties.verify_page.refuse_title')}
        hint={t('parties.verify_page.refuse_hint')}
        submit={t('parties.verify_page.refuse')}
        missing={t('parties.verify_page.refuse_missing')}
        presets={(['name', 'code', 'seat'] as const).map(one => t(`parties.verify_page.presets.${one}`))}
        pending={decide.isPending}
        error={decide.error && reason(decide.error)}
        onCancel={() => {
          setAsking(false)
          decide.reset()
        }}
        onSubmit={words => take('REFUSE', words)}
      />
    </Panel>
  )
}

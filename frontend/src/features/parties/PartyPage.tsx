import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useSession } from '@/api/session'
import type { PartyPage as Facts } from '@/api/types'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { PartyRelations } from '@/ui/relations/PartyRelations'
import { QueryView } from '@/ui/state/QueryView'
import { MissingMessage } from '@/ui/state/States'
import { AboutParty, CapabilityList } from './AboutParty'
import { InvitePanel } from './InvitePanel'
import { MergePanel } from './MergePanel'
import classes from './Parties.module.css'
import { partyQuery, profileQuery } from './queries'
import { Standing } from './Standing'

/** What everyone may know of a party; those who look after it find their tools beside. */
export default function PartyPage() {
  const { t } = useTranslation()
  const id = Number(useParams().id)
  const query = useQuery({ ...partyQuery(id), enabled: Number.isInteger(id) })
  const party = query.data
  return (
    <Page
      title={party?.name ?? t('parties.title')}
      crumbs={[{ to: '/parties', label: t('parties.title') }]}
      marks={party && <Standing party={party} />}
      actions={party && !party.merged_into && <Link to={`/parties/${id}/results`}>{t('parties.results.tab')}</Link>}
    >
      {Number.isInteger(id) ? (
        <QueryView query={query} fill>
          {found => <Body party={found} />}
        </QueryView>
      ) : (
        <MissingMessage fill />
      )}
    </Page>
  )
}

function Body({ party }: { party: Facts }) {
  const { user } = useSession()
  const joins = ['ENTERPRISE', 'CHAMBER', 'SOCIAL_ORGANISATION'].includes(party.kind)
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <AboutParty party={party} />
        {(joins || party.capabilities.length > 0) && <CapabilityList capabilities={party.capabilities} />}
        <PartyRelations party={party.id} />
      </div>
      <div className={classes.column}>
        {party.merged_into && <MergedInto party={party.merged_into} />}
        {user && ['COORDINATOR', 'ADMINISTRATOR', 'FEDERATION'].includes(user.role) && <Tools party={party} />}
      </div>
    </div>
  )
}

function MergedInto({ party }: { party: NonNullable<Facts['merged_into']> }) {
  const { t } = useTranslation()
  return (
    <Panel>
      {t('parties.merge.merged')} <Link to={`/parties/${party.id}`}>{party.name}</Link>
    </Panel>
  )
}

/** Inviting and merging, for those in whose region the party lies; an administrator looks after all accounts. */
function Tools({ party }: { party: Facts }) {
  const { t } = useTranslation()
  const { user } = useSession()
  const admin = user?.role === 'ADMINISTRATOR'
  const { data: profile } = useQuery({ ...profileQuery(party.id), enabled: !admin })
  if (!admin && !profile) return null
  return (
    <>
      {profile?.registration && (
        <Panel title={t('parties.filters.status')}>
          <Link to={`/registrations/${party.id}`}>{t('parties.queue.title')}</Link>
        </Panel>
      )}
      {(admin || profile?.may_invite) && <InvitePanel party={party} />}
      {(admin || profile?.may_merge) && <MergePanel party={party} />}
    </>
  )
}

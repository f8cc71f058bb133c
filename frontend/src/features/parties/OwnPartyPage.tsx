import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useUser } from '@/api/session'
import type { Profile } from '@/api/types'
import { Tag } from '@/ui/facts/Tag'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { AboutParty, CapabilityList, CapacityList, ContactList } from './AboutParty'
import { CorrectFacts } from './CorrectFacts'
import { EditCapabilities, EditCapacities, EditContacts } from './Editors'
import { History } from './History'
import classes from './Parties.module.css'
import { profileQuery } from './queries'
import { Standing } from './Standing'

/** 本单位: how far the registration is, what is missing, what it can do, and who changed what. */
export default function OwnPartyPage() {
  const { t } = useTranslation()
  const { party } = useUser()
  const id = Number(party?.id ?? 0)
  const query = useQuery({ ...profileQuery(id), enabled: id > 0 })
  const profile = query.data
  return (
    <Page
      title={profile?.party.name ?? t('parties.own.title')}
      tab={t('parties.own.title')}
      lead={t('parties.own.lead')}
      marks={profile && <Standing party={profile.party} />}
    >
      {id > 0 ? (
        <QueryView query={query} fill>
          {found => <Body profile={found} />}
        </QueryView>
      ) : (
        <Panel>
          <Empty title={t('parties.own.none')} />
        </Panel>
      )}
    </Page>
  )
}

function Body({ profile }: { profile: Profile }) {
  const { party, may_describe: mine } = profile
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <State profile={profile} />
        <AboutParty
          party={party}
          aside={profile.my_steps.includes('CORRECT') && <CorrectFacts key={profile.version} profile={profile} />}
        />
        <CapabilityList capabilities={party.capabilities} aside={mine && <EditCapabilities profile={profile} />} />
        <CapacityList capacities={profile.capacities} aside={mine && <EditCapacities profile={profile} />} />
        {profile.contacts && (
          <ContactList contacts={profile.contacts} aside={mine && <EditContacts profile={profile} />} />
        )}
      </div>
      <div className={classes.column}>
        <History party={party.id} />
      </div>
    </div>
  )
}

function State({ profile }: { profile: Profile }) {
  const { t } = useTranslation()
  const { registration, authority, lacks, party } = profile
  const joins = registration !== null
  return (
    <Panel title={t('parties.filters.status')}>
      {registration?.status === 'PENDING' && <p className={classes.state}>{t('parties.own.pending', { authority })}</p>}
      {registration?.status === 'VERIFIED' && (
        <p className={classes.state}>{t('parties.own.verified', { authority })}</p>
      )}
      {registration?.status === 'REFUSED' && (
        <div className={classes.state}>
          <p>{t('parties.own.refused', { authority })}</p>
          <blockquote>{registration.refusal}</blockquote>
        </div>
      )}
      <div className={classes.lacks}>
        <span>{t(lacks.length > 0 ? 'parties.own.lacks' : 'parties.own.lacks_none')}</span>
        {lacks.map(one => (
          <Tag key={one} tone="warn">
            {t(`parties.own.lack.${one}`)}
          </Tag>
        ))}
      </div>
      <p className={classes.parts}>
        {joins && <Link to="/villages">{t('parties.own.villages')}</Link>}
        <Link to="/needs">{t('parties.own.needs')}</Link>
        {party.standing === 'VERIFIED' && <Link to={`/parties/${party.id}`}>{t('parties.own.page')}</Link>}
        {['VERIFIED', 'PUBLIC'].includes(party.standing) && (
          <Link to={`/parties/${party.id}/results`}>{t('parties.results.tab')}</Link>
        )}
      </p>
    </Panel>
  )
}

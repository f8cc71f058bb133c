import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { channelsQuery } from '@/api/reference'
import type { Pairing } from '@/api/types'
import { formatCount, formatDate } from '@/lib/format'
import { Facts } from '@/ui/facts/Facts'
import { PairingStatusTag, UnverifiedTag } from '@/ui/facts/marks'
import { Tag } from '@/ui/facts/Tag'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { distanceKm } from '@/ui/map/projection'
import { QueryView } from '@/ui/state/QueryView'
import { MissingMessage } from '@/ui/state/States'
import { AgreementsOfPairing } from './AgreementsOfPairing'
import { Answers } from './Answers'
import { CommitmentsOfPairing } from './CommitmentsOfPairing'
import { Contacts } from './Contacts'
import { Ending } from './Ending'
import { Marks } from './Marks'
import classes from './Pairings.module.css'
import { ProjectsOfPairing } from './ProjectsOfPairing'
import { pairingQuery } from './queries'
import { SubPairings } from './SubPairings'
import { Timeline } from './Timeline'

export default function PairingPage() {
  const { t } = useTranslation()
  const id = Number(useParams().id)
  const query = useQuery({ ...pairingQuery(id), enabled: Number.isInteger(id) })
  const pairing = query.data
  return (
    <Page
      title={
        pairing
          ? t('pairings.page_title', { helper: pairing.helper.name, recipient: pairing.recipient.full_name })
          : t('pairings.title')
      }
      crumbs={[{ to: '/pairings', label: t('pairings.title') }]}
      marks={pairing && <Standing pairing={pairing} />}
    >
      {Number.isInteger(id) ? (
        <QueryView query={query} fill>
          {found => <Body pairing={found} />}
        </QueryView>
      ) : (
        <MissingMessage fill />
      )}
    </Page>
  )
}

function Standing({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const since = pairing.unconfirmed_since
  return (
    <>
      <PairingStatusTag status={pairing.status} />
      {since && <Tag tone="warn">{t('pairings.unconfirmed_since', { date: formatDate(since) })}</Tag>}
    </>
  )
}

function Body({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const channel = useQuery(channelsQuery).data?.find(one => one.code === pairing.channel)
  return (
    <>
      {channel?.settled_by === 'AUTHORITY' && (
        <p className={classes.why}>{t('pairings.recorded_only', { by: channel.fixed_by })}</p>
      )}
      <Sides pairing={pairing} />
    </>
  )
}

function Sides({ pairing }: { pairing: Pairing }) {
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <Answers pairing={pairing} />
        <Marks pairing={pairing} />
        <AgreementsOfPairing pairing={pairing} />
        <Contacts pairing={pairing} />
        <CommitmentsOfPairing pairing={pairing} />
        <ProjectsOfPairing pairing={pairing} />
        <SubPairings pairing={pairing} />
      </div>
      <div className={classes.column}>
        <About pairing={pairing} />
        <Timeline pairing={pairing} />
        <Ending pairing={pairing} />
      </div>
    </div>
  )
}

function About({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const { helper, recipient, start_date: from, end_date: to } = pairing
  const area = helper.area
  const km =
    area?.lon && area.lat && recipient.lon && recipient.lat
      ? distanceKm([area.lon, area.lat], [recipient.lon, recipient.lat])
      : null
  return (
    <Panel title={t('pairings.about')}>
      <Facts
        columns={2}
        items={[
          [
            t('common.side.HELPER'),
            area ? (
              <Link key="helper" to={`/counties/${area.code}`}>
                {helper.name}
              </Link>
            ) : (
              helper.name
            ),
          ],
          [
            t('common.side.RECIPIENT'),
            <Link key="recipient" to={`/counties/${recipient.code}`}>
              {recipient.full_name}
            </Link>,
          ],
          [t('pairings.channel'), pairing.channel_name],
          [t('pairings.period'), to ? t('pairings.period_closed', { from, to }) : t('pairings.period_open', { from })],
          [t('pairings.distance'), km === null ? undefined : t('pairings.km', { km: formatCount(Math.round(km)) })],
          [t('pairings.columns.origin'), t(`pairings.origin.${pairing.origin}`)],
          [t('pairings.last_contact'), pairing.last_contact_date ? formatDate(pairing.last_contact_date) : undefined],
          ...(pairing.source
            ? ([
                [
                  t('pairings.source'),
                  <span key="source">
                    <UnverifiedTag status={pairing.fact_status} /> {pairing.source}
                  </span>,
                ],
              ] as [string, React.ReactNode][])
            : []),
        ]}
      />
    </Panel>
  )
}

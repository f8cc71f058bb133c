import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Capability, Party, Profile } from '@/api/types'
import { Facts, Unknown, Wan } from '@/ui/facts/Facts'
import { Panel } from '@/ui/layout/Panel'
import { Empty } from '@/ui/state/States'
import classes from './Parties.module.css'

/** Who somebody is, as everyone may know. */
export function AboutParty({ party, aside }: { party: Party; aside?: React.ReactNode }) {
  const { t } = useTranslation()
  const unit = party.kind === 'CENTRAL_UNIT'
  const joins = ['ENTERPRISE', 'CHAMBER', 'SOCIAL_ORGANISATION'].includes(party.kind)
  const items: [string, React.ReactNode][] = [[t('parties.fields.kind'), t(`parties.kind.${party.kind}`)]]
  if (joins) items.push([t('parties.fields.uscc'), party.uscc ?? undefined])
  if (joins) items.push([t('parties.fields.industry'), industryOf(party, t)])
  if (unit)
    items.push([t('parties.fields.unit_type'), party.unit_type ? t(`parties.unit_type.${party.unit_type}`) : undefined])
  if (unit) items.push([t('parties.fields.lead'), party.sector_lead || undefined])
  if (!unit) items.push([t('parties.columns.seat'), party.area ? <Seat key="seat" area={party.area} /> : undefined])
  return (
    <Panel title={t('parties.about')} aside={aside}>
      <Facts columns={2} items={items} />
    </Panel>
  )
}

export function industryOf(party: Party, t: TFunction): string | undefined {
  return party.industry ? `${party.industry} ${t(`parties.industry.${party.industry}`)}` : undefined
}

function Seat({ area }: { area: NonNullable<Party['area']> }) {
  return <Link to={`/counties/${area.code}`}>{area.full_name}</Link>
}

/** What somebody offers to do. */
export function CapabilityList({
  capabilities,
  aside,
}: {
  capabilities: readonly Capability[]
  aside?: React.ReactNode
}) {
  const { t } = useTranslation()
  return (
    <Panel title={t('parties.capabilities')} aside={aside}>
      {capabilities.length === 0 ? (
        <Empty compact title={t('parties.capabilities_none')} />
      ) : (
        <ul className={classes.offers}>
          {capabilities.map(one => (
            <li key={one.id} className={classes.offer}>
              <strong>{t(`needs.category.${one.category}`)}</strong>
              <span>{one.mode ? t(`commitments.mode.${one.mode}`) : t('parties.any_mode')}</span>
              {one.quantity && (
                <span>
                  {one.quantity.replace(/\.?0+$/, '')} {one.unit}
                </span>
              )}
              {one.description && <p>{one.description}</p>}
              {one.proof && <p className={classes.small}>{t('parties.proof', { proof: one.proof })}</p>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

export function CapacityList({ capacities, aside }: { capacities: Profile['capacities']; aside?: React.ReactNode }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('parties.capacities')} aside={aside}>
      {capacities.length === 0 ? (
        <Empty compact title={t('parties.capacities_none')} />
      ) : (
        <Facts
          items={capacities.map(one => [
            t('common.year_of', { year: one.year }),
            <span key={one.year} className={classes.parts}>
              {one.villages != null && <span>{t('parties.villages_counted', { count: one.villages })}</span>}
              {one.counties != null && <span>{t('parties.counties_counted', { count: one.counties })}</span>}
              {one.budget_yuan != null && (
                <span>
                  {t('parties.fields.budget')} <Wan yuan={one.budget_yuan} />
                </span>
              )}
            </span>,
          ])}
        />
      )}
    </Panel>
  )
}

export function ContactList({
  contacts,
  aside,
}: {
  contacts: NonNullable<Profile['contacts']>
  aside?: React.ReactNode
}) {
  const { t } = useTranslation()
  return (
    <Panel title={t('parties.contacts')} note={t('parties.contacts_private')} aside={aside}>
      {contacts.length === 0 ? (
        <Empty compact title={t('parties.contacts_none')} />
      ) : (
        <ul className={classes.offers}>
          {contacts.map(one => (
            <li key={`${one.name}-${one.phone}`} className={classes.offer}>
              <strong>{one.name}</strong>
              <span>{one.post || <Unknown />}</span>
              <a href={`tel:${one.phone}`}>{one.phone}</a>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

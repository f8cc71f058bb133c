import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useSession } from '@/api/session'
import type { AreaProfile, Pairing, RegionPair } from '@/api/types'
import { PairingStatusTag, UnverifiedTag } from '@/ui/facts/marks'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import classes from './CountyPage.module.css'
import { pairingsOfHelperQuery, pairingsOfRecipientQuery, regionPairsQuery } from './queries'

/** Who helps a county, whom it helps, and the pair of provinces or cities that frames both. */
export function HelpRelations({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  const { user } = useSession()
  const helped = useQuery({ ...pairingsOfRecipientQuery(area.code), enabled: user !== null && area.tier !== null })
  const helping = useQuery({
    ...pairingsOfHelperQuery(area.code),
    enabled: user !== null && area.is_eastern_helper === true,
  })
  return (
    <Panel title={t('places.page.pairings_title')}>
      {user === null && <p className={classes.quiet}>{t('places.page.pairings_log_in')}</p>}
      {user && area.tier && <Pairings query={helped} side="recipient" />}
      {user && area.is_eastern_helper && <Pairings query={helping} side="helper" />}
      <h3 className={classes.sub}>{t('places.page.region_title')}</h3>
      <RegionPairs area={area} />
    </Panel>
  )
}

function Pairings({ query, side }: { query: UseQueryResult<Pairing[], Error>; side: 'helper' | 'recipient' }) {
  const { t } = useTranslation()
  return (
    <>
      <h3 className={classes.sub}>{t(`places.page.pairings_${side}`)}</h3>
      <QueryView
        query={query}
        isEmpty={rows => rows.length === 0}
        empty={
          <Empty compact title={t(`places.page.pairings_none_${side}`)}>
            {side === 'recipient' && t('places.page.pairings_none_recipient_next')}
          </Empty>
        }
      >
        {rows => (
          <ul>
            {rows.map(pairing => (
              <li key={pairing.id} className={classes.relation}>
                <span>
                  <Link to={`/pairings/${pairing.id}`}>
                    {side === 'recipient' ? pairing.helper.name : pairing.recipient.full_name}
                  </Link>
                  <br />
                  <small>
                    {pairing.channel_name}，{pairing.start_date.slice(0, 4)}–{pairing.end_date?.slice(0, 4)}
                  </small>
                </span>
                <span>
                  <PairingStatusTag status={pairing.status} />
                  {pairing.status !== 'UNVERIFIED' && <UnverifiedTag status={pairing.fact_status} />}
                </span>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </>
  )
}

/** The most specific region decides: a prefecture with pairs of its own belongs to those, else to its province's. */
function pairsOf(area: AreaProfile, pairs: RegionPair[]): RegionPair[] {
  const touching = (code: string): RegionPair[] =>
    pairs.filter(pair => pair.helper_code === code || pair.recipient_code === code)
  const ofPrefecture = area.parent ? touching(area.parent.code) : []
  return ofPrefecture.length > 0 ? ofPrefecture : touching(`${area.code.slice(0, 2)}0000`)
}

function RegionPairs({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  const query = useQuery({ ...regionPairsQuery, select: pairs => pairsOf(area, pairs) })
  return (
    <QueryView
      query={query}
      isEmpty={pairs => pairs.length === 0}
      empty={<p className={classes.quiet}>{t('places.page.region_none')}</p>}
    >
      {pairs => (
        <ul>
          {pairs.map(pair => (
            <li key={pair.id} className={classes.relation}>
              <span>
                {t('places.page.region_line', {
                  helper: pair.helper,
                  recipient: pair.recipient,
                  from: pair.valid_from.slice(0, 4),
                  to: pair.valid_to?.slice(0, 4) ?? '',
                })}
              </span>
              <span>
                <UnverifiedTag status={pair.status} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </QueryView>
  )
}

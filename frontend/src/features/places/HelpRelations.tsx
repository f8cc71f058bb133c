import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { AreaProfile, RegionPair } from '@/api/types'
import { UnverifiedTag } from '@/ui/facts/marks'
import { RelationsByChannel } from '@/ui/relations/RelationsByChannel'
import { QueryView } from '@/ui/state/QueryView'
import classes from './CountyPage.module.css'
import { regionPairsQuery } from './queries'

const LEVELS: AreaProfile['level'][] = ['PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP', 'VILLAGE']

/** Who helps a place through every channel, whom it helps, and the pair of provinces or cities that frames its counties. */
export function HelpRelations({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  return (
    <>
      {!area.is_eastern_helper && (
        <RelationsByChannel
          title={t('relations.of_place')}
          whose={{ area: area.code }}
          tell="helper"
          place={area.code}
          shown={relation =>
            area.level === 'COUNTY' || LEVELS.indexOf(relation.recipient.level) <= LEVELS.indexOf(area.level)
          }
          none={t('relations.of_place_none')}
        >
          {area.level === 'COUNTY' && (
            <>
              <h3 className={classes.sub}>{t('places.page.region_title')}</h3>
              <RegionPairs area={area} />
            </>
          )}
        </RelationsByChannel>
      )}
      {!area.tier && (
        <RelationsByChannel
          title={t('relations.by_place')}
          whose={{ helper_area: area.code }}
          tell="recipient"
          none={t('relations.by_place_none')}
        />
      )}
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

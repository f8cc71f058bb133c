import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { relationsQuery } from '@/api/relations'
import type { County, Relation } from '@/api/types'
import type { Filters } from '@/lib/filters'
import { LevelTag, TierTag } from '@/ui/facts/marks'
import { ChinaMap, type MapArc, type RegionKind } from '@/ui/map/ChinaMap'
import { Legend } from '@/ui/map/Legend'
import { RelationsByChannel } from '@/ui/relations/RelationsByChannel'
import classes from './CountyListPage.module.css'

/** How firmly the chosen channel reaches a county; without one, any channel. */
export function levelOf(county: County, channel: string | undefined): County['level'] {
  if (!channel || channel === 'none') return county.level
  return county.channels.find(one => one.channel === channel)?.level ?? 'NONE'
}

const covered = (level: County['level']): boolean => !['UNCONFIRMED', 'UNVERIFIED', 'NONE'].includes(level)

/** Relations of a county whose helper has a seat; dashed unless both sides confirmed. */
export function arcsTo(county: County | undefined, relations: readonly Relation[]): MapArc[] {
  const { lon, lat } = county ?? {}
  if (lon == null || lat == null) return []
  return relations.flatMap(({ id, helper: { area }, is_confirmed }) =>
    area?.lon == null || area.lat == null
      ? []
      : [{ id: String(id), from: [area.lon, area.lat], to: [lon, lat], confirmed: is_confirmed } as MapArc],
  )
}

/** The counties asked for on the map; a chosen one with its helpers beside. */
export function CountyMap({ counties, filters }: { counties: County[]; filters: Filters }) {
  const { t } = useTranslation()
  const channel = filters.chosen('helped_by')
  const chosen = counties.find(one => one.code === filters.get('county'))
  const relations = useQuery({ ...relationsQuery({ area: chosen?.code ?? '' }), enabled: chosen !== undefined })
  const regions = useMemo(
    () =>
      new Map(
        counties.map(one => [
          one.code,
          `${one.tier}_${covered(levelOf(one, channel)) ? 'covered' : 'open'}` as RegionKind,
        ]),
      ),
    [counties, channel],
  )
  const arcs = useMemo(() => arcsTo(chosen, relations.data ?? []), [chosen, relations.data])
  const byCode = useMemo(() => new Map(counties.map(one => [one.code, one])), [counties])
  const describe = (code: string): string[] | undefined => {
    const county = byCode.get(code)
    return (
      county && [
        county.full_name,
        `${t(`common.tier.${county.tier}`)} · ${t(`relations.level.${levelOf(county, channel)}`)}`,
      ]
    )
  }
  return (
    <div className={classes.mapView}>
      <div>
        <div className={classes.mapFrame}>
          <ChinaMap
            label={t('relations.map_words', {
              total: counties.length,
              covered: counties.filter(one => covered(levelOf(one, channel))).length,
            })}
            regions={regions}
            arcs={arcs}
            describe={describe}
            onSelect={code => byCode.has(code) && filters.set({ county: code })}
          />
        </div>
        <Legend />
      </div>
      <div className={classes.chosen} aria-live="polite">
        {chosen ? (
          <Chosen county={chosen} channel={channel} />
        ) : (
          <p className={classes.hint}>{t('relations.map_choose')}</p>
        )}
      </div>
    </div>
  )
}

function Chosen({ county, channel }: { county: County; channel: string | undefined }) {
  const { t } = useTranslation()
  return (
    <>
      <div className={classes.chosenHead}>
        <strong>{county.full_name}</strong>
        <TierTag tier={county.tier} />
        <LevelTag level={levelOf(county, channel)} />
        <Link to={`/counties/${county.code}`}>{t('relations.map_open')}</Link>
      </div>
      <RelationsByChannel
        title={t('relations.of_place')}
        whose={{ area: county.code }}
        tell="helper"
        place={county.code}
        none={t('relations.of_place_none')}
      >
        <p className={classes.hint}>{t('relations.map_no_seat')}</p>
      </RelationsByChannel>
    </>
  )
}

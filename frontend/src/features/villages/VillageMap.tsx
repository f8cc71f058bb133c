import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Village, VillagePage } from '@/api/types'
import type { Filters } from '@/lib/filters'
import { Panel } from '@/ui/layout/Panel'
import { ChinaMap, type MapArc, type RegionKind } from '@/ui/map/ChinaMap'
import { Legend } from '@/ui/map/Legend'
import { VillageCard } from './VillageCard'
import classes from './Villages.module.css'

type Place = { lon: number | null; lat: number | null }

/** An arc from the firm's seat to a village; none where either is unknown. */
export function arcFrom(seat: Place | null, village: Village, chosen: boolean): MapArc[] {
  const { lon, lat } = village.spot
  if (seat?.lon == null || seat.lat == null || lon == null || lat == null) return []
  return [{ id: village.area.code, from: [seat.lon, seat.lat], to: [lon, lat], confirmed: chosen }]
}

/** The counties in which the villages of this page lie; a chosen one with its villages below. */
export function VillageMap({ data, filters }: { data: VillagePage; filters: Filters }) {
  const { t } = useTranslation()
  const { results, party } = data
  const county = filters.get('county')
  const inside = results.filter(one => one.county.code === county)
  const regions = useMemo(
    () => new Map(results.map(one => [one.county.code, `${one.tier}_open` as RegionKind])),
    [results],
  )
  const arcs = useMemo(
    () => results.flatMap(one => arcFrom(party.seat, one, one.county.code === county)),
    [results, party.seat, county],
  )
  const describe = (code: string): string[] | undefined => {
    const there = results.filter(one => one.county.code === code)
    return there[0] && [there[0].county.full_name, ...there.map(one => `${one.rank}. ${one.area.name}`)]
  }
  return (
    <Panel flush className={classes.mapPanel}>
      <div className={classes.mapFrame}>
        <ChinaMap
          label={t('villages.map_words', { count: results.length })}
          regions={regions}
          arcs={arcs}
          describe={describe}
          onSelect={code => regions.has(code) && filters.set({ county: code })}
        />
      </div>
      <Legend kinds={['deep_open', 'poor_open']} words="villages.legend" />
      <p className={classes.hint}>{t(inside.length > 0 ? 'villages.map_note' : 'villages.map_choose')}</p>
      <div aria-live="polite">
        {inside.length > 0 && (
          <ul className={classes.list}>
            {inside.map(village => (
              <li key={village.area.code}>
                <VillageCard village={village} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Coverage } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { Segments } from '@/ui/form/Segments'
import { Panel } from '@/ui/layout/Panel'
import { ChinaMap } from '@/ui/map/ChinaMap'
import { Legend } from '@/ui/map/Legend'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { CoverageTable } from './CoverageTable'
import { arcsOf, levelOf, regionKinds } from './coverage'
import { coverageQuery } from './queries'
import classes from './WorkbenchPage.module.css'

/** Coverage on the map, or the same in a table. */
export function CoverageView({ year }: { year: number | undefined }) {
  const { t } = useTranslation()
  const filters = useFilters()
  const query = useQuery(coverageQuery(year))
  const view = filters.get('view') === 'table' ? 'table' : 'map'
  return (
    <Panel
      flush
      title={t('workbench.map_title')}
      note={t('workbench.map_note')}
      aside={
        <Segments
          label={t('workbench.map_title')}
          value={view}
          options={[
            { value: 'map', label: t('workbench.as_map') },
            { value: 'table', label: t('workbench.as_table') },
          ]}
          onChange={value => filters.set({ view: value === 'map' ? '' : value })}
        />
      }
    >
      <QueryView
        query={query}
        waiting={view === 'map' ? <div className={classes.mapFrame} role="status" aria-busy="true" /> : undefined}
        isEmpty={counties => counties.length === 0}
        empty={<Empty title={t('workbench.no_coverage')} />}
      >
        {counties => (view === 'map' ? <CoverageMap counties={counties} /> : <CoverageTable counties={counties} />)}
      </QueryView>
    </Panel>
  )
}

function CoverageMap({ counties }: { counties: Coverage[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const regions = useMemo(() => regionKinds(counties), [counties])
  const arcs = useMemo(() => arcsOf(counties), [counties])
  const byCode = useMemo(() => new Map(counties.map(county => [county.code, county])), [counties])
  const describe = (code: string): string[] | undefined => {
    const county = byCode.get(code)
    if (!county) return undefined
    return [
      county.name,
      `${t(`common.tier.${county.tier as 'deep'}`)} · ${t(`workbench.coverage.${levelOf(county)}`)}`,
      ...county.helpers.map(helper => helper.name),
    ]
  }
  const covered = counties.filter(county => county.recorded).length
  return (
    <>
      <div className={classes.mapFrame}>
        <ChinaMap
          label={t('workbench.map_words', { total: counties.length, covered })}
          regions={regions}
          arcs={arcs}
          describe={describe}
          onSelect={code => void navigate(`/counties/${code}`)}
        />
      </div>
      <Legend />
    </>
  )
}

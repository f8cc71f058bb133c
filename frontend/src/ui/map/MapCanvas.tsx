import { MinusOutlined, PlusOutlined, ReloadOutlined } from '@ant-design/icons'
import { LinesChart, ScatterChart } from 'echarts/charts'
import { GeoComponent, TooltipComponent } from 'echarts/components'
import { type EChartsType, getMap, init, registerMap, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { PHONE, useMedia } from '@/lib/media'
import { useTokens } from '@/ui/theme/mode'
import type { MapProps } from './ChinaMap'
import classes from './ChinaMap.module.css'
import { arcsOption, baseOption, MAP, SOUTHERN_MAP, southern } from './options'
import type { Shapes } from './shapes'

use([GeoComponent, LinesChart, ScatterChart, TooltipComponent, CanvasRenderer])

/** The drawing itself. The ground is laid once per data and theme; arcs and the selection change on top of it. */
export default function MapCanvas(props: MapProps & { shapes: Shapes }) {
  const { label, regions, arcs, selected = null, shapes } = props
  const { t } = useTranslation()
  const tokens = useTokens()
  const phone = useMedia(PHONE)
  const frame = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(null)
  const latest = useRef(props)
  latest.current = props

  useEffect(() => {
    const element = frame.current
    if (!element) return
    if (!getMap(MAP)) {
      registerMap(MAP, { geoJSON: shapes.counties as never, specialAreas: {} })
      registerMap(SOUTHERN_MAP, { geoJSON: southern(shapes.counties) as never, specialAreas: {} })
    }
    const made = init(element)
    chart.current = made
    made.on('click', event => {
      if (event.componentType === 'geo') latest.current.onSelect?.(event.name)
    })
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.dispose()
      chart.current = null
    }
  }, [shapes])

  useEffect(() => {
    chart.current?.setOption(
      baseOption({ shapes, regions, tokens, phone, describe: (code, name) => latest.current.describe?.(code, name) }),
      { notMerge: true, lazyUpdate: true },
    )
  }, [shapes, regions, tokens, phone])

  useEffect(() => {
    // Lazy, so that the first ground and its arcs are one drawing.
    chart.current?.setOption(arcsOption(arcs, selected, tokens), { lazyUpdate: true })
  }, [arcs, selected, tokens])

  const zoom = (factor: number) => chart.current?.dispatchAction({ type: 'geoRoam', geoIndex: 0, zoom: factor })
  const reset = () => chart.current?.setOption({ geo: [{ id: 'main', zoom: 1, center: null }, { id: 'inset' }] })
  return (
    <>
      <div ref={frame} className={classes.canvas} role="img" aria-label={`${label}（${t('common.schematic')}）`} />
      <span className={classes.inset} aria-hidden="true" />
      <span className={classes.schematic}>{t('common.schematic')}</span>
      <fieldset className={`${classes.zoom} no-print`} aria-label={t('common.zoom')}>
        <button type="button" aria-label={t('common.zoom_in')} onClick={() => zoom(1.5)}>
          <PlusOutlined aria-hidden="true" />
        </button>
        <button type="button" aria-label={t('common.zoom_out')} onClick={() => zoom(1 / 1.5)}>
          <MinusOutlined aria-hidden="true" />
        </button>
        <button type="button" aria-label={t('common.zoom_reset')} onClick={reset}>
          <ReloadOutlined aria-hidden="true" />
        </button>
      </fieldset>
    </>
  )
}

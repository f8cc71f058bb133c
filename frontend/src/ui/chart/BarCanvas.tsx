import { BarChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useMemo } from 'react'
import { PHONE, useMedia } from '@/lib/media'
import { useTokens } from '@/ui/theme/mode'
import { FONT, type Token } from '@/ui/theme/tokens'
import type { BarsProps } from './StackedBars'
import classes from './StackedBars.module.css'
import { useChart } from './useChart'

use([BarChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

const FEW = 6 // bars whose names find room beside one another on a phone
const COLOURS: Token[] = ['primary', 'mapCovered', 'mapPoor', 'mapClaim', 'mapDeep', 'lineStrong']

export default function BarCanvas({ label, unit, bars, series, beside = false }: BarsProps) {
  const tokens = useTokens()
  const phone = useMedia(PHONE)
  const option = useMemo(() => {
    const text = { color: tokens.ink2, fontFamily: FONT }
    return {
      animation: false,
      color: COLOURS.map(token => tokens[token]),
      textStyle: text,
      grid: { left: 8, right: 8, top: 56, bottom: 4, containLabel: true }, // below the legend, the unit of the axis
      legend: { top: 0, left: 0, type: 'scroll', textStyle: text, itemWidth: 14, itemHeight: 10 },
      tooltip: {
        trigger: 'axis',
        confine: true,
        backgroundColor: tokens.surface,
        borderColor: tokens.line,
        textStyle: { color: tokens.ink, fontSize: 13 },
        valueFormatter: (value: number) => `${value.toLocaleString('en-US', { maximumFractionDigits: 6 })} ${unit}`,
      },
      xAxis: {
        type: 'category',
        data: bars,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: tokens.line } },
        axisLabel: { ...text, fontSize: phone ? 11 : 12, interval: phone && bars.length > FEW ? 'auto' : 0 },
      },
      yAxis: {
        type: 'value',
        name: unit,
        nameTextStyle: text,
        splitLine: { lineStyle: { color: tokens.line } },
        axisLabel: text,
      },
      series: series.map(({ name, values }) => ({
        type: 'bar',
        stack: beside ? undefined : 'all',
        name,
        data: values,
        barMaxWidth: 44,
      })),
    }
  }, [bars, series, tokens, phone, unit, beside])
  const frame = useChart(option)

  return <div ref={frame} className={classes.canvas} role="img" aria-label={label} />
}

import { LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useMemo } from 'react'
import { useTokens } from '@/ui/theme/mode'
import { FONT } from '@/ui/theme/tokens'
import type { CurveProps } from './Curve'
import classes from './StackedBars.module.css'
import { useChart } from './useChart'

use([LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export default function CurveCanvas({ label, x, y, points, names }: CurveProps) {
  const tokens = useTokens()
  const option = useMemo(() => {
    const text = { color: tokens.ink2, fontFamily: FONT }
    const axis = {
      type: 'value' as const,
      nameTextStyle: text,
      axisLine: { show: true, lineStyle: { color: tokens.line } },
      splitLine: { lineStyle: { color: tokens.line } },
      axisLabel: text,
    }
    return {
      animation: false,
      color: [tokens.primary, tokens.lineStrong],
      textStyle: text,
      grid: { left: 8, right: 16, top: 60, bottom: 24, containLabel: true },
      legend: { top: 0, left: 0, textStyle: text, itemWidth: 22, itemHeight: 10 },
      tooltip: {
        trigger: 'axis' as const,
        confine: true,
        backgroundColor: tokens.surface,
        borderColor: tokens.line,
        textStyle: { color: tokens.ink, fontSize: 13 },
      },
      xAxis: {
        ...axis,
        name: x,
        nameLocation: 'middle' as const,
        nameGap: 28,
        min: 'dataMin' as const,
        max: 'dataMax' as const,
        minInterval: 1,
      },
      yAxis: { ...axis, name: y },
      series: [
        { type: 'line' as const, name: names.reached, showSymbol: false, data: points.map(one => [one.x, one.y]) },
        points.some(one => one.y < one.most) && {
          type: 'line' as const,
          name: names.most,
          showSymbol: false,
          lineStyle: { type: 'dashed' as const, width: 1 },
          data: points.map(one => [one.x, one.most]),
        },
      ].filter(one => one !== false),
    }
  }, [tokens, points, names, x, y])
  const frame = useChart(option)
  return <div ref={frame} className={classes.canvas} role="img" aria-label={label} />
}

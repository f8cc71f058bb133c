import { type EChartsType, init } from 'echarts/core'
import { useEffect, useRef } from 'react'

/** A frame with a chart in it that follows the frame's size; `option` says what to draw. */
export function useChart(option: Parameters<EChartsType['setOption']>[0]) {
  const frame = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(null)
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const made = init(element)
    chart.current = made
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.dispose()
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true })
  }, [option])
  return frame
}

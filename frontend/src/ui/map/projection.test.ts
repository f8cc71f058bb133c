import { describe, expect, it } from 'vitest'
import { distanceKm, project, unproject } from './projection'

describe('the Albers projection', () => {
  it('puts the central meridian upright', () => {
    expect(project([105, 36])[0]).toBeCloseTo(0, 12)
  })
  it('comes back to where it started', () => {
    for (const [lon, lat] of [
      [73.5, 39.3],
      [135, 48.4],
      [109.5, 18.2],
      [112.3, 3.9],
    ] as [number, number][]) {
      const [lon2, lat2] = unproject(project([lon, lat]))
      expect(lon2).toBeCloseTo(lon, 9)
      expect(lat2).toBeCloseTo(lat, 9)
    }
  })
  it('keeps areas: one degree square at 25° and at 47° by the ratio of the sphere', () => {
    const area = (lat: number): number => {
      const d = 0.01
      const [ax, ay] = project([105, lat])
      const [bx, by] = project([105 + d, lat])
      const [cx, cy] = project([105, lat + d])
      return Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay))
    }
    const sphere = (lat: number): number => Math.sin((lat + 0.01) * (Math.PI / 180)) - Math.sin(lat * (Math.PI / 180))
    expect(area(25) / area(47)).toBeCloseTo(sphere(25) / sphere(47), 3)
  })
})

describe('distance', () => {
  it('knows Beijing to Shanghai', () => {
    expect(distanceKm([116.4, 39.9], [121.47, 31.23])).toBeCloseTo(1067, -1)
  })
})

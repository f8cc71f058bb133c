import { describe, expect, it } from 'vitest'
import { distanceKm, project } from './projection'

describe('the Albers projection', () => {
  it('puts the central meridian upright', () => {
    expect(project([105, 36])[0]).toBeCloseTo(0, 12)
  })
  it('measures true along a standard parallel', () => {
    const [ax, ay] = project([105, 25])
    const [bx, by] = project([105.01, 25])
    expect(Math.hypot(bx - ax, by - ay)).toBeCloseTo(distanceKm([105, 25], [105.01, 25]), 6)
  })
  it('grows northwards', () => {
    expect(project([90, 40])[1]).toBeGreaterThan(project([90, 39])[1])
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

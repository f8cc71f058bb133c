/**
 * Albers equal-area conic with the standard parallels that maps of China use (25° and 47° N, central meridian 105° E).
 * Source: J. P. Snyder, "Map Projections: A Working Manual" (USGS 1987), §14, sphere of radius 1.
 */

type Pair = [number, number]

const RAD = Math.PI / 180
const MERIDIAN = 105 * RAD
const [SOUTH, NORTH] = [25 * RAD, 47 * RAD]
const N = (Math.sin(SOUTH) + Math.sin(NORTH)) / 2
const C = Math.cos(SOUTH) ** 2 + 2 * N * Math.sin(SOUTH)
const EARTH_KM = 6371
const RHO_0 = Math.sqrt(C) / N // of the equator

/** Degrees to the plane, in kilometres; y grows northwards. */
export function project([lon = 0, lat = 0]: readonly number[]): Pair {
  const rho = Math.sqrt(C - 2 * N * Math.sin(lat * RAD)) / N
  const theta = N * (lon * RAD - MERIDIAN)
  return [EARTH_KM * rho * Math.sin(theta), EARTH_KM * (RHO_0 - rho * Math.cos(theta))]
}

/** Great-circle distance in kilometres (haversine). */
export function distanceKm(a: Pair, b: Pair): number {
  const [lon1, lat1, lon2, lat2] = [a[0] * RAD, a[1] * RAD, b[0] * RAD, b[1] * RAD]
  const half = Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin((lon2 - lon1) / 2) ** 2
  return 2 * EARTH_KM * Math.asin(Math.sqrt(half))
}

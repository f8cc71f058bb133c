/** Whole percents that always add up to 100. */
export type Weights = Readonly<Record<string, number>>

const WHOLE = 100

/** Shares of `total` in whole numbers by the largest remainder (Hamilton 1792), ties by order. */
function apportion(total: number, parts: readonly number[]): number[] {
  const sum = parts.reduce((a, b) => a + b, 0)
  const exact = parts.map(part => (sum === 0 ? total / parts.length : (part * total) / sum))
  const whole = exact.map(Math.floor)
  const missing = total - whole.reduce((a, b) => a + b, 0)
  const byRemainder = exact
    .map((value, at) => ({ at, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at)
  for (const { at } of byRemainder.slice(0, missing)) whole[at] = (whole[at] ?? 0) + 1
  return whole
}

/** Set one weight; the others give way, or take up the slack, in proportion to what they were. */
export function rebalance(weights: Weights, key: string, value: number): Weights {
  const set = Math.min(WHOLE, Math.max(0, Math.round(value)))
  const others = Object.keys(weights).filter(name => name !== key)
  if (others.length === 0) return { [key]: WHOLE }
  const shares = apportion(
    WHOLE - set,
    others.map(name => weights[name] ?? 0),
  )
  const next: Record<string, number> = {}
  for (const name of Object.keys(weights)) next[name] = name === key ? set : (shares[others.indexOf(name)] ?? 0)
  return next
}

/** The same for everybody, as far as whole percents allow. */
export function spread(keys: readonly string[]): Weights {
  const shares = apportion(
    WHOLE,
    keys.map(() => 1),
  )
  return Object.fromEntries(keys.map((key, at) => [key, shares[at] ?? 0]))
}

export function total(weights: Weights): number {
  return Object.values(weights).reduce((a, b) => a + b, 0)
}

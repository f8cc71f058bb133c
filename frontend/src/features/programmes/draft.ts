import { COUNTY_PAIRING, FIRMS_VILLAGES } from '@/api/reference'
import type { CureChange, Policy, PolicyContent, PolicyException } from '@/api/types'
import { spread, type Weights } from '@/lib/weights'

/** The order in which reasons are shown, by channel; the API takes these codes. */
const COUNTY_REASONS = ['depth', 'strength', 'likeness', 'distance', 'capacity', 'ties'] as const
const FIRM_REASONS = ['need', 'depth', 'likeness', 'distance', 'capacity', 'ties', 'interest'] as const

export function reasonsOf(channel: string): readonly (typeof COUNTY_REASONS | typeof FIRM_REASONS)[number][] {
  return channel === FIRMS_VILLAGES ? FIRM_REASONS : COUNTY_REASONS
}

export const QUOTAS = ['helper_min', 'helper_max', 'recipient_min', 'recipient_max'] as const
export const COVERAGES = ['coverage_deep', 'coverage_poor'] as const

export type Quota = (typeof QUOTAS)[number]
export type CoverageField = (typeof COVERAGES)[number]

/** A policy as it is being edited. */
export type Draft = Omit<PolicyContent, 'channel' | 'weights' | 'exceptions'> & {
  weights: Weights
  exceptions: PolicyException[]
}

const FIRST: Draft = {
  weights: spread(COUNTY_REASONS),
  prefer_near: true,
  helper_min: 0,
  helper_max: 2,
  share_evenly: true,
  recipient_min: 0,
  recipient_max: 2,
  coverage_deep: [20_000, 10_000],
  coverage_poor: [10_000, 5_000],
  stability: 0,
  four_eyes: false,
  exceptions: [],
}

export function draftOf(policy: Policy | null, channel: string = COUNTY_PAIRING): Draft {
  const reasons = reasonsOf(channel)
  if (!policy) return { ...FIRST, weights: spread(reasons) }
  const weights = policy.weights as Weights
  return {
    weights: Object.fromEntries(reasons.map(reason => [reason, weights[reason] ?? 0])),
    prefer_near: policy.prefer_near ?? true,
    helper_min: policy.helper_min ?? 0,
    helper_max: policy.helper_max ?? 0,
    share_evenly: policy.share_evenly ?? true,
    recipient_min: policy.recipient_min ?? 0,
    recipient_max: policy.recipient_max ?? 0,
    coverage_deep: policy.coverage_deep,
    coverage_poor: policy.coverage_poor,
    stability: policy.stability ?? 0,
    four_eyes: policy.four_eyes ?? false,
    exceptions: policy.exceptions,
  }
}

/** How many settings differ; each weight and each coverage list counts as one. */
export function changesBetween(a: Draft, b: Draft): number {
  const weights = Object.keys(a.weights).filter(reason => a.weights[reason] !== b.weights[reason]).length
  const plain = [...QUOTAS, 'share_evenly', 'prefer_near', 'stability', 'four_eyes'] as const
  const lists = COVERAGES.filter(field => a[field].join() !== b[field].join()).length
  const exceptions = JSON.stringify(a.exceptions) === JSON.stringify(b.exceptions) ? 0 : 1
  return exceptions + weights + lists + plain.filter(field => a[field] !== b[field]).length
}

/** The draft in the words of the API. */
export function contentOf(channel: string, draft: Draft): PolicyContent {
  const exceptions = draft.exceptions.map(({ side, code, min, max }) => ({
    side,
    code,
    min: min ?? null,
    max: max ?? null,
  }))
  return { channel, ...draft, exceptions }
}

/** The exceptions with what a cure asks for in them: one a county, with the bounds that the cure moves. */
export function withCure(exceptions: readonly PolicyException[], changes: readonly CureChange[]): PolicyException[] {
  const found = new Map(exceptions.map(one => [`${one.side}-${one.code}`, one]))
  for (const { side, code, name, end, to } of changes) {
    const key = `${side}-${code}`
    const before = found.get(key) ?? { side: side as PolicyException['side'], code, name, min: null, max: null }
    found.set(key, { ...before, [end]: to })
  }
  return [...found.values()]
}

export type Fault = { field: Quota | CoverageField; kind: 'order' | 'coverage' }

/** What the API would refuse, said while typing. */
export function faultsOf(draft: Draft): Fault[] {
  const faults: Fault[] = []
  if (draft.helper_min > draft.helper_max) faults.push({ field: 'helper_min', kind: 'order' })
  if (draft.recipient_min > draft.recipient_max) faults.push({ field: 'recipient_min', kind: 'order' })
  for (const field of COVERAGES) {
    if (draft[field].some((value, at) => at > 0 && value > (draft[field][at - 1] ?? 0))) {
      faults.push({ field, kind: 'coverage' })
    }
  }
  return faults
}

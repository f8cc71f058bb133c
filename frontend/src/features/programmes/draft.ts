import type { Policy, PolicyContent } from '@/api/types'
import { spread, type Weights } from '@/lib/weights'

/** The order in which reasons are shown; the API takes these codes. */
export const REASONS = ['depth', 'strength', 'likeness', 'distance', 'capacity', 'ties'] as const
export const QUOTAS = ['helper_min', 'helper_max', 'recipient_min', 'recipient_max'] as const
export const COVERAGES = ['coverage_deep', 'coverage_poor'] as const

export type Quota = (typeof QUOTAS)[number]
export type CoverageField = (typeof COVERAGES)[number]

/** A policy as it is being edited. */
export type Draft = Omit<PolicyContent, 'channel' | 'weights'> & { weights: Weights }

const FIRST: Draft = {
  weights: spread(REASONS),
  prefer_near: true,
  helper_min: 0,
  helper_max: 2,
  share_evenly: true,
  recipient_min: 0,
  recipient_max: 2,
  coverage_deep: [20_000, 10_000],
  coverage_poor: [10_000, 5_000],
  stability: 0,
}

export function draftOf(policy: Policy | null): Draft {
  if (!policy) return FIRST
  const weights = policy.weights as Weights
  return {
    weights: Object.fromEntries(REASONS.map(reason => [reason, weights[reason] ?? 0])),
    prefer_near: policy.prefer_near ?? true,
    helper_min: policy.helper_min ?? 0,
    helper_max: policy.helper_max ?? 0,
    share_evenly: policy.share_evenly ?? true,
    recipient_min: policy.recipient_min ?? 0,
    recipient_max: policy.recipient_max ?? 0,
    coverage_deep: policy.coverage_deep,
    coverage_poor: policy.coverage_poor,
    stability: policy.stability ?? 0,
  }
}

/** How many settings differ; each weight and each coverage list counts as one. */
export function changesBetween(a: Draft, b: Draft): number {
  const weights = REASONS.filter(reason => a.weights[reason] !== b.weights[reason]).length
  const plain = [...QUOTAS, 'share_evenly', 'prefer_near', 'stability'] as const
  const lists = COVERAGES.filter(field => a[field].join() !== b[field].join()).length
  return weights + lists + plain.filter(field => a[field] !== b[field]).length
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

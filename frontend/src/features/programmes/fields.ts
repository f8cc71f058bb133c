import { FIRMS_VILLAGES } from '@/api/reference'
import type { CoverageField, Draft, Fault, Quota } from './draft'

/** What every group of fields of the policy is given. */
export type FieldsProps = {
  channel: string
  draft: Draft
  /** The policy in force, shown beside. */
  before: Draft
  change: (part: Partial<Draft>) => void
  disabled: boolean
  faults: Fault[]
}

/** The words' key of a bound or a coverage list: firms and villages are called by their names. */
export function labelOf<Field extends Quota | CoverageField | 'coverage_note'>(channel: string, field: Field) {
  return channel === FIRMS_VILLAGES
    ? (`programmes.policy.firms.${field}` as const)
    : (`programmes.policy.${field}` as const)
}

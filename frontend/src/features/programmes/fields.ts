import type { Draft, Fault } from './draft'

/** What every group of fields of the policy is given. */
export type FieldsProps = {
  draft: Draft
  /** The policy in force, shown beside. */
  before: Draft
  change: (part: Partial<Draft>) => void
  disabled: boolean
  faults: Fault[]
}

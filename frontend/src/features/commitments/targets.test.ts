import { describe, expect, it } from 'vitest'
import type { CommitmentKind, KindOfCommitment, TargetProgress } from '@/api/types'
import { firstOpen, leftOf, targetOf } from './targets'

const target = (
  kind: CommitmentKind | null,
  left: string | null,
  more: Partial<TargetProgress> = {},
): TargetProgress => ({
  agreement: 1,
  agreement_title: '年度协作协议书',
  indicator: kind === null ? 'JOINT_MEETINGS' : 'FISCAL_AID',
  unit: 'YUAN',
  quantity: '30000000.00',
  note: '',
  kind,
  promised: '0.00',
  confirmed: '0.00',
  left,
  completion: '0.0',
  ...more,
})
const mine = (...kinds: CommitmentKind[]) => kinds.map(kind => ({ kind })) as KindOfCommitment[]

describe('what a form begins with', () => {
  it('is the first target of one’s own kinds that is not promised in full', () => {
    const targets = [
      target(null, null),
      target('INDUSTRY_INPUT', '5.00'),
      target('FISCAL_AID', '0.00'),
      target('CADRE', '2.00', { unit: 'PERSON' }),
    ]
    expect(firstOpen(targets, mine('FISCAL_AID', 'CADRE'))).toBe('CADRE')
    expect(firstOpen(targets, mine('FISCAL_AID'))).toBeUndefined()
  })
  it('is the year’s own target where a framework names the kind too', () => {
    const targets = [target('PURCHASE', '1.00', { agreement: 7 }), target('PURCHASE', '2.00', { agreement: 8 })]
    expect(targetOf(targets, 'PURCHASE')?.agreement).toBe(7)
  })
  it('is what is left, as it would be typed', () => {
    expect(leftOf(target('FISCAL_AID', '12345000.00'))).toBe('1234.5')
    expect(leftOf(target('CADRE', '2.00', { unit: 'PERSON' }))).toBe('2')
    expect(leftOf(target('FISCAL_AID', '0.00'))).toBe('')
    expect(leftOf(undefined)).toBe('')
  })
})

import type { Agreement, TargetIndicator } from '@/api/types'

type Unit = Agreement['targets'][number]['unit']

/** Every indicator with its unit, as `agreements/kinds.py` has them; the server refuses what does not fit. */
const UNITS: Record<TargetIndicator, Unit> = {
  FISCAL_AID: 'YUAN',
  SOCIAL_AID: 'YUAN',
  DIRECT_INPUT: 'YUAN',
  INTRODUCED_FUNDS: 'YUAN',
  GUIDED_FIRM: 'YUAN',
  INDUSTRY_INPUT: 'YUAN',
  WELFARE_INPUT: 'YUAN',
  PURCHASE: 'YUAN',
  ASSISTED_SALES: 'YUAN',
  CADRE: 'PERSON',
  PROFESSIONAL: 'PERSON',
  TRAINING: 'PERSON_TIME',
  TRAINED_PEOPLE: 'PERSON',
  LABOUR_TO_HELPER: 'PERSON',
  LABOUR_OWN_PROVINCE: 'PERSON',
  LABOUR_ELSEWHERE: 'PERSON',
  JOBS_PLACED: 'PERSON',
  WORKSHOP: 'PIECE',
  PARK: 'PIECE',
  UNIT_PAIRS: 'PAIR',
  JOINT_MEETINGS: 'TIME',
}

export const INDICATORS = Object.keys(UNITS) as TargetIndicator[]
export const unitOf = (indicator: TargetIndicator): Unit => UNITS[indicator]
export const isMoney = (indicator: TargetIndicator | ''): boolean => indicator !== '' && UNITS[indicator] === 'YUAN'

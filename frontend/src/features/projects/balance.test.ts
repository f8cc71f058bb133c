import { describe, expect, it } from 'vitest'
import type { ProjectDetail } from '@/api/types'
import { leftByCommitment, removable } from './balance'

type Line = ProjectDetail['money'][number]

const line = (id: number, commitment: number, stage: 'ARRIVED' | 'SPENT', amount_yuan: string): Line => ({
  id,
  entry: id,
  commitment,
  title: `第 ${commitment} 项`,
  stage,
  stage_label: stage,
  occurred_date: '2020-06-01',
  amount_yuan,
  accepted_yuan: '0.00',
})

const arrived = line(1, 7, 'ARRIVED', '300.00')
const spent = line(2, 7, 'SPENT', '120.50')
const other = line(3, 8, 'ARRIVED', '50.00')
const project = { money: [arrived, spent, other] }

describe('what is left of a project’s money', () => {
  it('is counted for each commitment by itself', () => {
    expect(leftByCommitment(project)).toEqual([
      { commitment: 7, title: '第 7 项', left: '179.50' },
      { commitment: 8, title: '第 8 项', left: '50.00' },
    ])
  })
  it('can be taken back, and no more than a line has', () => {
    expect(removable(project, arrived)).toBe('179.50')
    expect(removable(project, other)).toBe('50.00')
    expect(removable({ money: [arrived] }, arrived)).toBe('300.00')
  })
  it('lets a spending go as a whole', () => {
    expect(removable(project, spent)).toBe('120.50')
  })
})

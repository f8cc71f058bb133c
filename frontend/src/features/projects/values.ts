import type { ProjectDetail } from '@/api/types'
import { yuanToWan } from '@/lib/money'
import { yuanOf } from '@/ui/form/WanInput'
import type { CONSTRUCTION } from './queries'

export type Values = {
  pairing: string
  need: string
  construction_type: (typeof CONSTRUCTION)[number]
  responsible_unit: string
  start_date: string
  end_date: string
  participation: string
  sources: { commitment: string; amount: string }[]
  milestones: { name: string; due_date: string }[]
}

/** The county's own money stands in a list of commitments. */
export const OWN = 'own'

/** A proposal as its form shows it; the milestones at the `ends` of the schedule are not typed. */
export function valuesOf(project: ProjectDetail, ends: string[]): Values {
  const { construction_type, responsible_unit, start_date, end_date, participation } = project
  return {
    pairing: String(project.pairing),
    need: String(project.need.id),
    construction_type,
    responsible_unit,
    start_date,
    end_date,
    participation: participation ?? '',
    sources: project.sources.map(one => ({
      commitment: one.commitment ? String(one.commitment) : OWN,
      amount: yuanToWan(one.planned_yuan),
    })),
    milestones: project.milestones.filter(one => !ends.includes(one.name)),
  }
}

/** The schedule's two ends are milestones without being typed again. */
export function contentOf(values: Values, [first, last]: readonly [string, string]) {
  const { construction_type, responsible_unit, start_date, end_date, participation, milestones } = values
  return {
    construction_type,
    responsible_unit: responsible_unit.trim(),
    start_date,
    end_date,
    participation: (participation ?? '').trim(),
    sources: values.sources.map(one => ({
      commitment: one.commitment === OWN ? null : Number(one.commitment),
      planned_yuan: yuanOf(one.amount),
    })),
    milestones: [
      { name: first, due_date: start_date },
      ...milestones.map(one => ({ name: one.name.trim(), due_date: one.due_date })),
      { name: last, due_date: end_date },
    ],
  }
}

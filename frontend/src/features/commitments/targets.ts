import { useQuery } from '@tanstack/react-query'
import type { FormInstance } from 'antd'
import { useEffect, useRef } from 'react'
import type { CommitmentKind, KindOfCommitment, TargetProgress } from '@/api/types'
import { yuanToWan } from '@/lib/money'
import { targetsQuery } from './queries'

/** The target that asks for commitments of this kind: the year's own where a framework names the kind too. */
export const targetOf = (targets: readonly TargetProgress[], kind: CommitmentKind): TargetProgress | undefined =>
  targets.find(one => one.kind === kind)

/** The first kind that the reader may register and that is not promised in full yet. */
export const firstOpen = (
  targets: readonly TargetProgress[],
  mine: readonly KindOfCommitment[],
): CommitmentKind | undefined =>
  mine.find(({ kind }) => kind === targets.find(one => Number(one.left) > 0 && isMine(one, mine))?.kind)?.kind

const isMine = (target: TargetProgress, mine: readonly KindOfCommitment[]) =>
  mine.some(({ kind }) => kind === target.kind)

/** What is left of a target, as it would be typed; blank where nothing is. */
export function leftOf(target: TargetProgress | undefined): string {
  if (!target?.left || Number(target.left) <= 0) return ''
  return target.unit === 'YUAN' ? yuanToWan(target.left) : String(Number(target.left))
}

type Begun = { pairing: string; year: string; kind: CommitmentKind; mine: readonly KindOfCommitment[]; asked: boolean }

/**
 * Begin a form with what signed agreements ask for and nobody has promised yet; what the reader chose or typed stays.
 * `asked`: the address names the kind already.
 */
export function useTarget(form: FormInstance, { pairing, year, kind, mine, asked }: Begun): TargetProgress | undefined {
  const { data: targets } = useQuery({
    ...targetsQuery(Number(pairing), Number(year)),
    enabled: pairing !== '' && year !== '',
  })
  const first = targets && firstOpen(targets, mine)
  const target = targets && targetOf(targets, kind)
  const left = leftOf(target)
  const put = useRef({ kind, amount: '' })
  useEffect(() => {
    if (!first || asked || form.getFieldValue('kind') !== put.current.kind) return
    form.setFieldValue('kind', first)
    put.current.kind = first
  }, [form, first, asked])
  useEffect(() => {
    if ((form.getFieldValue('amount') ?? '') !== put.current.amount) return
    form.setFieldValue('amount', left)
    put.current.amount = left
  }, [form, left])
  return target
}

import type { ProjectDetail } from '@/api/types'
import { difference, fenOfYuan } from '@/lib/money'

type Line = ProjectDetail['money'][number]
type Funded = Pick<ProjectDetail, 'money'>

export type Left = { commitment: number; title: string; left: string }

const added = (lines: Line[]): string => lines.reduce((sum, line) => plus(sum, line.amount_yuan), '0.00')
const plus = (a: string, b: string): string => difference(a, difference('0.00', b))
const smaller = (a: string, b: string): string => (fenOfYuan(a) < fenOfYuan(b) ? a : b)

/** What the project may still spend of each commitment: allotted arrivals less spending. */
export function leftByCommitment(project: Funded): Left[] {
  const known = new Map(project.money.map(line => [line.commitment, line.title]))
  return [...known].map(([commitment, title]) => {
    const own = project.money.filter(line => line.commitment === commitment)
    const arrived = added(own.filter(line => line.stage === 'ARRIVED'))
    return { commitment, title, left: difference(arrived, added(own.filter(line => line.stage === 'SPENT'))) }
  })
}

/** How much of a line can be taken back: a spending whole, of an arrival what is not spent. */
export function removable(project: Funded, line: Line): string {
  if (line.stage === 'SPENT') return line.amount_yuan
  const left = leftByCommitment(project).find(one => one.commitment === line.commitment)?.left ?? '0.00'
  return smaller(line.amount_yuan, left)
}

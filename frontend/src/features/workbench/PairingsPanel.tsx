import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { PairingStatus, Workbench } from '@/api/types'
import { formatCount } from '@/lib/format'
import { PairingStatusTag } from '@/ui/facts/marks'
import { Panel } from '@/ui/layout/Panel'
import { Empty } from '@/ui/state/States'
import classes from './WorkbenchPage.module.css'

const ORDER: PairingStatus[] = [
  'PROPOSED',
  'AGREED',
  'IN_FORCE',
  'COMPLETED',
  'UNVERIFIED',
  'OBJECTED',
  'WITHDRAWN',
  'ENDED',
]

export function PairingsPanel({ data }: { data: Workbench }) {
  const { t } = useTranslation()
  const present = ORDER.filter(status => (data.pairings[status] ?? 0) > 0)
  return (
    <Panel title={t('workbench.pairings_title')}>
      {present.length === 0 ? (
        <Empty compact title={t('workbench.pairings_empty')} />
      ) : (
        <ul className={classes.statuses}>
          {present.map(status => (
            <li key={status}>
              <Link to={`/pairings?status=${status}&year=${data.year}`}>
                <PairingStatusTag status={status} />
                <strong>{formatCount(data.pairings[status] ?? 0)}</strong>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

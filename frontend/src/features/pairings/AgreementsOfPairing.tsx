import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { Pairing } from '@/api/types'
import { Tag } from '@/ui/facts/Tag'
import { ActionButton } from '@/ui/form/ActionButton'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import classes from './Pairings.module.css'
import { agreementsOfQuery } from './queries'

export function AgreementsOfPairing({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const query = useQuery(agreementsOfQuery(pairing.id))
  const open = pairing.status === 'AGREED' || pairing.status === 'IN_FORCE'
  const why = !pairing.my_side ? t('pairings.agreement_why_side') : !open ? t('pairings.agreement_why_status') : null
  const begin = (
    <ActionButton why={why} onClick={() => void navigate(`/agreements/new?pairing=${pairing.id}`)}>
      {t('agreements.new')}
    </ActionButton>
  )
  return (
    <Panel title={t('agreements.title')} aside={begin}>
      <QueryView
        query={query}
        isEmpty={rows => rows.length === 0}
        empty={
          <Empty compact title={t('agreements.empty')}>
            {t('pairings.agreement_empty')}
          </Empty>
        }
      >
        {rows => (
          <ul>
            {rows.map(one => (
              <li key={one.id} className={classes.line}>
                <span className={classes.marks}>
                  <Link to={`/agreements/${one.id}`}>{one.title}</Link>
                  <Tag tone={one.status === 'SIGNED' ? 'ok' : 'neutral'}>{t(`agreements.status.${one.status}`)}</Tag>
                </span>
                <span className={classes.small}>
                  {t('agreements.period_words', { from: one.start_date, to: one.end_date })}
                </span>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  )
}

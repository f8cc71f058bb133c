import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { Commitment, Pairing } from '@/api/types'
import { Amount } from '@/ui/facts/Amount'
import { ActionButton } from '@/ui/form/ActionButton'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import classes from './Pairings.module.css'
import { commitmentsOfQuery } from './queries'

const STAGES = ['agreed', 'arrived', 'confirmed', 'spent', 'accepted'] as const

export function CommitmentsOfPairing({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const query = useQuery(commitmentsOfQuery(pairing.id))
  const open = pairing.status === 'AGREED' || pairing.status === 'IN_FORCE'
  const why =
    pairing.my_side !== 'HELPER' ? t('pairings.register_why_side') : !open ? t('pairings.register_why_status') : null
  const register = (
    <ActionButton why={why} onClick={() => void navigate(`/commitments/new?pairing=${pairing.id}`)}>
      {t('pairings.register')}
    </ActionButton>
  )
  return (
    <Panel title={t('pairings.commitments')} aside={register}>
      <QueryView
        query={query}
        isEmpty={rows => rows.length === 0}
        empty={<Empty title={t('pairings.commitments_empty')}>{t('pairings.commitments_empty_helper')}</Empty>}
      >
        {rows => (
          <ul>
            {rows.map(commitment => (
              <li key={commitment.id} className={classes.commitment}>
                <Line commitment={commitment} />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  )
}

function Line({ commitment }: { commitment: Commitment }) {
  const { t } = useTranslation()
  return (
    <>
      <Link to={`/commitments/${commitment.id}`}>
        {commitment.title}（{commitment.year}）
      </Link>
      <span className={classes.small}>
        {t(`commitments.kind.${commitment.kind}`)}
        {commitment.mode && ` · ${t(`commitments.mode.${commitment.mode}`)}`}
      </span>
      <dl className={classes.stages}>
        {STAGES.map(stage => (
          <div key={stage}>
            <dt>{t(`commitments.columns.${stage}`)}</dt>
            <dd>
              <Amount unit={commitment.unit} value={commitment[stage]} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

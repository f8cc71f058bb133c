import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import type { Commitment } from '@/api/types'
import { formatTime } from '@/lib/format'
import { share } from '@/lib/money'
import { Facts, MoneyFigure } from '@/ui/facts/Facts'
import { History } from '@/ui/facts/History'
import { Tag } from '@/ui/facts/Tag'
import { ActionButton } from '@/ui/form/ActionButton'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { MissingMessage } from '@/ui/state/States'
import { AnswerArrival } from './AnswerArrival'
import classes from './Commitments.module.css'
import { Ledger } from './Ledger'
import { commitmentQuery } from './queries'

const STAGES = ['agreed', 'arrived', 'confirmed', 'spent', 'accepted'] as const

export default function CommitmentPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const id = Number(useParams().id)
  const query = useQuery({ ...commitmentQuery(id), enabled: Number.isInteger(id) })
  const commitment = query.data
  return (
    <Page
      title={commitment?.title ?? t('commitments.title')}
      lead={commitment && `${commitment.helper.name} → ${commitment.recipient.full_name}，${commitment.year}`}
      crumbs={[{ to: '/commitments', label: t('commitments.title') }]}
      marks={
        commitment && (
          <Tag tone={commitment.status === 'REGISTERED' ? 'ok' : 'neutral'}>
            {t(`commitments.status.${commitment.status}`)}
          </Tag>
        )
      }
      actions={
        commitment && (
          <ActionButton
            type={commitment.my_side === 'HELPER' ? 'primary' : 'default'}
            why={commitment.my_side !== 'HELPER' && t('commitments.report_why')}
            onClick={() => void navigate(`/commitments/${id}/arrival`)}
          >
            {t('commitments.report')}
          </ActionButton>
        )
      }
    >
      {Number.isInteger(id) ? (
        <QueryView query={query} fill>
          {found => <Body commitment={found} />}
        </QueryView>
      ) : (
        <MissingMessage fill />
      )}
    </Page>
  )
}

function Body({ commitment }: { commitment: Commitment }) {
  const due = commitment.entries.filter(
    entry =>
      entry.stage === 'ARRIVED' &&
      !entry.confirmation &&
      commitment.my_side !== null &&
      commitment.my_side !== entry.reported_by_side,
  )
  return (
    <>
      {due.map(entry => (
        <AnswerArrival key={entry.id} commitment={commitment} entry={entry} />
      ))}
      <div className={classes.columns}>
        <div className={classes.column}>
          <Sums commitment={commitment} />
          <Ledger commitment={commitment} />
        </div>
        <div className={classes.column}>
          <About commitment={commitment} />
          <CommitmentHistory commitment={commitment} />
        </div>
      </div>
    </>
  )
}

function CommitmentHistory({ commitment }: { commitment: Commitment }) {
  const { t, i18n } = useTranslation()
  const known = (verb: string) => i18n.exists(`commitments.verbs.${verb}`)
  return (
    <History
      type="commitments.commitment"
      id={commitment.id}
      verb={({ verb }) => (known(verb) ? t(`commitments.verbs.${verb as 'registered'}`) : undefined)}
    />
  )
}

function Sums({ commitment }: { commitment: Commitment }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('commitments.stages_title')}>
      <dl className={classes.figures}>
        {STAGES.map(stage => {
          const percent = stage === 'agreed' ? null : share(commitment[stage], commitment.agreed)
          return (
            <MoneyFigure
              key={stage}
              label={t(`commitments.columns.${stage}`)}
              yuan={commitment[stage]}
              tone={stage === 'confirmed' ? 'ok' : 'plain'}
              hint={percent === null ? undefined : t('commitments.of_agreed', { percent })}
            />
          )
        })}
      </dl>
    </Panel>
  )
}

function About({ commitment }: { commitment: Commitment }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('commitments.about')}>
      <Facts
        items={[
          [
            t('commitments.fields.pairing'),
            <Link key="pairing" to={`/pairings/${commitment.pairing}`}>
              {commitment.helper.name} → {commitment.recipient.full_name}
            </Link>,
          ],
          ...(commitment.need
            ? ([
                [
                  t('commitments.fields.need'),
                  <Link key="need" to={`/needs/${commitment.need}`}>
                    {t('common.open')}
                  </Link>,
                ],
              ] as [string, React.ReactNode][])
            : []),
          [t('commitments.fields.kind'), t(`commitments.kind.${commitment.kind}`)],
          [t('commitments.fields.mode'), t(`commitments.mode.${commitment.mode}`)],
          [t('commitments.fields.year'), commitment.year],
          [t('runs.requested_at'), formatTime(commitment.created_at)],
        ]}
      />
    </Panel>
  )
}

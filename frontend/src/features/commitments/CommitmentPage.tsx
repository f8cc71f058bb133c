import { useQuery } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { CommitmentDetail, CommitmentField } from '@/api/types'
import { formatCount, formatTime } from '@/lib/format'
import { share } from '@/lib/money'
import { Facts, Figure, MoneyFigure } from '@/ui/facts/Facts'
import { History } from '@/ui/facts/History'
import { Tag } from '@/ui/facts/Tag'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { MissingMessage } from '@/ui/state/States'
import { AnswerArrival } from './AnswerArrival'
import { CommitmentSteps } from './CommitmentSteps'
import classes from './Commitments.module.css'
import { Ledger } from './Ledger'
import { Matters } from './Matters'
import { commitmentQuery } from './queries'

const STAGES = ['agreed', 'arrived', 'confirmed', 'spent', 'accepted'] as const

export default function CommitmentPage() {
  const { t } = useTranslation()
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
      actions={commitment && <CommitmentSteps commitment={commitment} />}
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

function Body({ commitment }: { commitment: CommitmentDetail }) {
  const due = commitment.entries.filter(entry => entry.my_steps.includes('CONFIRM'))
  return (
    <>
      {due.map(entry => (
        <AnswerArrival key={entry.id} commitment={commitment} entry={entry} />
      ))}
      <Matters commitment={commitment} />
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

function CommitmentHistory({ commitment }: { commitment: CommitmentDetail }) {
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

function Sums({ commitment }: { commitment: CommitmentDetail }) {
  const { t } = useTranslation()
  const money = commitment.unit === 'YUAN'
  return (
    <Panel title={t('commitments.stages_title')}>
      <dl className={classes.figures}>
        {STAGES.filter(stage => stage !== 'spent' || commitment.flows).map(stage => {
          const percent = stage === 'agreed' ? null : share(commitment[stage], commitment.agreed)
          const shown = {
            label: t(`commitments.columns.${stage}`),
            tone: stage === 'confirmed' ? ('ok' as const) : ('plain' as const),
            hint: percent === null ? undefined : t('commitments.of_agreed', { percent }),
          }
          return money ? (
            <MoneyFigure key={stage} {...shown} yuan={commitment[stage]} />
          ) : (
            <Figure
              key={stage}
              {...shown}
              value={formatCount(Number(commitment[stage]))}
              unit={t(`commitments.unit.${commitment.unit}`)}
            />
          )
        })}
      </dl>
    </Panel>
  )
}

function About({ commitment }: { commitment: CommitmentDetail }) {
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
          ...(commitment.mode
            ? [[t('commitments.fields.mode'), t(`commitments.mode.${commitment.mode}`)] as Pair]
            : []),
          ...details(commitment, t),
          [t('commitments.fields.year'), commitment.year],
          [t('runs.requested_at'), formatTime(commitment.created_at)],
          [
            t('commitments.balance.link'),
            <Link key="balance" to={`/counties/${commitment.recipient.code}/balance`}>
              {commitment.recipient.full_name}
            </Link>,
          ],
        ]}
      />
    </Panel>
  )
}

type Pair = [string, React.ReactNode]

/** The fields that only this kind has, where they are filled. */
function details(commitment: CommitmentDetail, t: TFunction): Pair[] {
  const { plan, sector, direction, speciality, trainees, benefit_link, poor_people, months } = commitment
  const said: [CommitmentField, React.ReactNode][] = [
    ['plan', plan && t(`commitments.plan.${plan}`)],
    ['sector', sector && t(`needs.category.${sector}`)],
    ['direction', direction && t(`commitments.direction.${direction}`)],
    ['speciality', speciality && t(`commitments.speciality.${speciality}`)],
    ['trainees', trainees && t(`commitments.trainees.${trainees}`)],
    ['benefit_link', benefit_link && t(`needs.benefit.${benefit_link}`)],
    ['poor_people', poor_people],
    ['months', months],
  ]
  return said
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => [t(`commitments.detail.${name}`), value])
}

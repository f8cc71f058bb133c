import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { Agreement, Event } from '@/api/types'
import { formatTime } from '@/lib/format'
import { EventTimeline } from '@/ui/facts/EventTimeline'
import { Facts } from '@/ui/facts/Facts'
import { Tag } from '@/ui/facts/Tag'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { MissingMessage } from '@/ui/state/States'
import { AgreementStatusTag } from './AgreementStatusTag'
import classes from './Agreements.module.css'
import { Documents } from './Documents'
import { agreementEventsQuery, agreementQuery } from './queries'
import { Steps } from './Steps'
import { Targets } from './Targets'

export default function AgreementPage() {
  const { t } = useTranslation()
  const id = Number(useParams().id)
  const query = useQuery({ ...agreementQuery(id), enabled: Number.isInteger(id) })
  const agreement = query.data
  return (
    <Page
      title={agreement?.title ?? t('agreements.title')}
      crumbs={[{ to: '/agreements', label: t('agreements.title') }]}
      marks={agreement && <AgreementStatusTag status={agreement.status} />}
    >
      {Number.isInteger(id) ? (
        <QueryView query={query} fill>
          {found => (
            <div className={classes.columns}>
              <div className={classes.column}>
                <About agreement={found} />
                <Targets agreement={found} />
                <Clauses agreement={found} />
              </div>
              <div className={classes.column}>
                <Steps agreement={found} />
                <Signatures agreement={found} />
                <Documents agreement={found} />
                <History agreement={found} />
              </div>
            </div>
          )}
        </QueryView>
      ) : (
        <MissingMessage fill />
      )}
    </Page>
  )
}

function About({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation()
  const { start_date: from, end_date: to, supersedes } = agreement
  const second = agreement.kind === 'RESPONSIBILITY' ? 'AUTHORITY' : 'RECIPIENT'
  const more: [string, React.ReactNode][] = []
  if (agreement.pairing) {
    const link = <Link to={`/pairings/${agreement.pairing}`}>{agreement.channel_name ?? t('common.open')}</Link>
    more.push([t('agreements.pairing'), link])
  }
  if (supersedes)
    more.push([
      t('agreements.supersedes'),
      <Link key="s" to={`/agreements/${supersedes}`}>
        {supersedes}
      </Link>,
    ])
  if (agreement.void_reason) more.push([t('agreements.void_reason'), agreement.void_reason])
  return (
    <Panel title={t('agreements.about')}>
      <Facts
        columns={2}
        items={[
          [t('agreements.signatory.HELPER'), agreement.helper.name],
          [t(`agreements.signatory.${second}`), agreement.recipient_name],
          [t('agreements.columns.kind'), t(`agreements.kind.${agreement.kind}`)],
          [t('agreements.period'), t('agreements.period_words', { from, to })],
          [t('agreements.round'), t('agreements.round_words', { round: Math.max(agreement.round ?? 0, 1) })],
          ...more,
        ]}
      />
    </Panel>
  )
}

function Clauses({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('agreements.clauses')}>
      {agreement.clauses.map(clause => (
        <div key={clause.heading} className={classes.clause}>
          <h3>{clause.heading}</h3>
          <p>{clause.text}</p>
        </div>
      ))}
    </Panel>
  )
}

function Signatures({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation()
  const sides = ['HELPER', agreement.kind === 'RESPONSIBILITY' ? 'AUTHORITY' : 'RECIPIENT'] as const
  return (
    <Panel title={t('agreements.signatures')}>
      {sides.map(side => {
        const signed = agreement.signatures.find(one => one.side === side)
        return (
          <div key={side} className={classes.signature}>
            <h3>{t(`agreements.signatory.${side}`)}</h3>
            {signed ? (
              <>
                <p>
                  {t('agreements.signed_by', {
                    name: signed.signatory_name,
                    post: signed.signatory_post,
                    date: signed.signed_date,
                  })}
                </p>
                <p className={classes.small}>
                  {t('agreements.recorded_by', { by: signed.by, at: formatTime(signed.at) })}
                </p>
                {!signed.matches && <Tag tone="danger">{t('agreements.mismatch')}</Tag>}
              </>
            ) : (
              <Tag>{t('agreements.unsigned')}</Tag>
            )}
          </div>
        )
      })}
    </Panel>
  )
}

function History({ agreement }: { agreement: Agreement }) {
  const { t, i18n } = useTranslation()
  const query = useQuery(agreementEventsQuery(agreement.id))
  const wordsOf = (event: Event): string => {
    const known = i18n.exists(`agreements.verbs.${event.verb}`)
    return t(`agreements.verbs.${known ? (event.verb as 'moved') : 'moved'}`)
  }
  return <EventTimeline query={query} wordsOf={wordsOf} />
}

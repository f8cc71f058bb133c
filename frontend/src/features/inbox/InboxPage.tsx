import {
  BankOutlined,
  BuildOutlined,
  ClockCircleOutlined,
  DiffOutlined,
  FileDoneOutlined,
  FlagOutlined,
  HeartOutlined,
  HomeOutlined,
  LinkOutlined,
  RightOutlined,
  SafetyCertificateOutlined,
  SendOutlined,
  SolutionOutlined,
  UndoOutlined,
} from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { inboxQuery } from '@/api/reference'
import type { InboxItem } from '@/api/types'
import { formatAgo } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { Wan } from '@/ui/facts/Facts'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { DigestPanel } from './DigestPanel'
import classes from './InboxPage.module.css'

const ICONS: Record<InboxItem['kind'], ComponentType> = {
  PAIRING_PROPOSED: LinkOutlined,
  ARRIVAL_TO_CONFIRM: BankOutlined,
  RUN_TO_REVIEW: SolutionOutlined,
  RUN_TO_PUBLISH: SendOutlined,
  RUN_TO_CONFIRM: SafetyCertificateOutlined,
  RUN_ASSIGNED: SolutionOutlined,
  PROPOSAL_TAKEN_BACK: UndoOutlined,
  NEED_TO_REVIEW: FlagOutlined,
  NEED_TO_PUBLISH: FlagOutlined,
  NEED_RETURNED: FlagOutlined,
  PAIRING_UNCONFIRMED: LinkOutlined,
  SUB_PAIRING_PROPOSED: LinkOutlined,
  REGISTRATION_TO_VERIFY: SafetyCertificateOutlined,
  REGISTRATION_REFUSED: SafetyCertificateOutlined,
  AGREEMENT_TO_SIGN: SolutionOutlined,
  DISCREPANCY: DiffOutlined,
  REVERSAL_TO_ANSWER: UndoOutlined,
  ACCEPTANCE_DUE: FileDoneOutlined,
  INTEREST_OPEN: HeartOutlined,
  VILLAGES_TO_SEE: HomeOutlined,
  IDLE_WARNING: ClockCircleOutlined,
  IDLE_ALARM: ClockCircleOutlined,
  PROJECT_TO_CONSENT: BuildOutlined,
  PROJECT_TO_ACCEPT: FileDoneOutlined,
  MILESTONE_LATE: ClockCircleOutlined,
  NEED_EARMARKED: BuildOutlined,
}

export default function InboxPage() {
  const { t } = useTranslation()
  const query = useQuery(inboxQuery)
  return (
    <Page title={t('inbox.title')} lead={t('inbox.lead')} width="narrow">
      <Panel flush>
        <QueryView
          query={query}
          isEmpty={items => items.length === 0}
          empty={
            <Empty title={t('inbox.empty')} action={<Link to="/pairings">{t('shell.nav.pairings')}</Link>}>
              {t('inbox.empty_next')}
            </Empty>
          }
        >
          {items => (
            <ul aria-label={t('inbox.title')}>
              {items.map(item => (
                <li key={`${item.kind}-${item.subject_id}`}>
                  <Item item={item} />
                </li>
              ))}
            </ul>
          )}
        </QueryView>
      </Panel>
      <DigestPanel />
    </Page>
  )
}

function Item({ item }: { item: InboxItem }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const Icon = ICONS[item.kind]
  return (
    <Link to={item.kind === 'RUN_TO_REVIEW' ? `${item.link}/review` : item.link} className={classes.item}>
      <span className={classes.icon} aria-hidden="true">
        <Icon />
      </span>
      <span className={classes.words}>
        <span className={classes.kind}>
          {t(`inbox.kind.${item.kind}`)} · {formatAgo(item.since, language)}
        </span>
        <span className={classes.title}>{item.title}</span>
        {item.amount_yuan && (
          <span className={classes.amount}>
            <Wan yuan={item.amount_yuan} />
          </span>
        )}
        <span className={classes.detail}>{item.detail}</span>
      </span>
      <RightOutlined className={classes.arrow} aria-hidden="true" />
    </Link>
  )
}

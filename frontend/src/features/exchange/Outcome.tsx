import { App, Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { ImportDetail } from '@/api/types'
import { formatCount, formatDate, formatTime } from '@/lib/format'
import { ActionButton } from '@/ui/form/ActionButton'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import classes from './Exchange.module.css'
import { FileButton } from './FileButton'
import { fileAddress, templateAddress, useDecide } from './queries'

/** What became of the file, in words; each end has its next step. */
export function Outcome({ batch }: { batch: ImportDetail }) {
  switch (batch.status) {
    case 'FAULTY':
      return <Faulty batch={batch} />
    case 'READY':
      return <Ready batch={batch} />
    case 'COMMITTED':
      return <Committed batch={batch} />
    default:
      return <Ended batch={batch} />
  }
}

type Props = { batch: ImportDetail }
type Tone = 'ok' | 'warn' | 'danger' | 'plain'

function Frame({ batch, tone, title, children }: Props & { tone: Tone; title: string; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <Panel>
      <div className={`${classes.outcome} ${classes[tone]}`} role="status">
        <strong>{title}</strong>
        {batch.error && (
          <p className={classes.error}>
            {t('exchange.error')}：{batch.error}
          </p>
        )}
      </div>
      {children}
    </Panel>
  )
}

function useStep(batch: ImportDetail) {
  const reason = useReason()
  const decide = useDecide(batch)
  return {
    take: decide.mutate,
    taking: decide.isPending ? decide.variables : undefined,
    trouble: decide.error && (
      <p role="alert" className={classes.error}>
        {reason(decide.error)}
      </p>
    ),
  }
}

function Again({ batch, primary = false }: Props & { primary?: boolean }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <Button type={primary ? 'primary' : 'default'} onClick={() => void navigate(`/imports?list=${batch.listed}`)}>
      {t('exchange.again')}
    </Button>
  )
}

function KeptUntil({ batch }: Props) {
  const { t } = useTranslation()
  return batch.kept_until ? t('exchange.kept_until', { date: formatDate(batch.kept_until) }) : null
}

function Faulty({ batch }: Props) {
  const { t } = useTranslation()
  const { take, taking, trouble } = useStep(batch)
  const headings = new Map(batch.columns.map(column => [column.key, column.heading]))
  const counts = { rows: formatCount(batch.row_count ?? 0), faulty: formatCount(batch.faulty_count ?? 0) }
  return (
    <Frame batch={batch} tone="warn" title={t('exchange.faulty', counts)}>
      <p className={classes.lead}>
        {t('exchange.faulty_next')} <KeptUntil batch={batch} />
      </p>
      <h3 className={classes.small}>{t('exchange.summary')}</h3>
      <ul className={classes.summary}>
        {batch.summary.map(kind => (
          <li key={`${kind.column} ${kind.rule}`}>
            <strong>{headings.get(kind.column ?? '') ?? t('exchange.whole_row')}</strong>
            <span>{kind.message}</span>
            <span className={classes.small}>{t('exchange.times', { count: kind.count })}</span>
          </li>
        ))}
      </ul>
      <div className={classes.actions}>
        <FileButton type="primary" address={fileAddress(batch.id, 'reasons')} fallback="reasons.xlsx">
          {t('exchange.reasons')}
        </FileButton>
        <Again batch={batch} />
        {batch.my_steps.includes('DISCARD') && (
          <Button loading={taking === 'DISCARD'} onClick={() => take('DISCARD')}>
            {t('exchange.discard')}
          </Button>
        )}
      </div>
      {trouble}
    </Frame>
  )
}

function Ready({ batch }: Props) {
  const { t } = useTranslation()
  const { take, taking, trouble } = useStep(batch)
  const rows = formatCount(batch.row_count ?? 0)
  return (
    <Frame batch={batch} tone="plain" title={t('exchange.ready', { rows })}>
      <p className={classes.lead}>
        {t('exchange.ready_next')} <KeptUntil batch={batch} />
      </p>
      {batch.my_steps.includes('COMMIT') && (
        <div className={classes.actions}>
          <Button type="primary" size="large" loading={taking === 'COMMIT'} onClick={() => take('COMMIT')}>
            {t('exchange.commit', { rows })}
          </Button>
          <Button size="large" loading={taking === 'DISCARD'} onClick={() => take('DISCARD')}>
            {t('exchange.discard')}
          </Button>
        </div>
      )}
      {trouble}
    </Frame>
  )
}

function Committed({ batch }: Props) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const { take, taking, trouble } = useStep(batch)
  const rows = formatCount(batch.row_count ?? 0)
  const ask = () =>
    void modal.confirm({
      title: t('exchange.undo_title'),
      content: t('exchange.undo_words', { rows }),
      okText: t('exchange.undo'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () => take('UNDO'),
    })
  return (
    <Frame batch={batch} tone="ok" title={t('exchange.committed', { rows })}>
      <p className={classes.lead}>
        {t('exchange.committed_at', { at: formatTime(batch.committed_at ?? ''), by: batch.uploaded_by })}{' '}
        <Link to={batch.list_path}>{t('exchange.open_list', { list: batch.list_title })}</Link>
      </p>
      <div className={classes.actions}>
        {batch.my_steps.includes('UNDO') && (
          <ActionButton danger why={batch.undo_refusal} loading={taking === 'UNDO'} onClick={ask}>
            {t('exchange.undo')}
          </ActionButton>
        )}
        <FileButton address={fileAddress(batch.id, 'file')} fallback="import.xlsx">
          {t('exchange.original')}
        </FileButton>
      </div>
      {trouble}
    </Frame>
  )
}

const WORDS = { REFUSED: 'refused', FAILED: 'failed', UNDONE: 'undone', DISCARDED: 'discarded' } as const

function Ended({ batch }: Props) {
  const { t } = useTranslation()
  const status = batch.status as keyof typeof WORDS
  const broken = status === 'REFUSED' || status === 'FAILED'
  return (
    <Frame
      batch={batch}
      tone={broken ? 'danger' : 'plain'}
      title={t(`exchange.${WORDS[status]}`, { rows: formatCount(batch.row_count ?? 0) })}
    >
      {broken && <p className={classes.lead}>{t(`exchange.${WORDS[status]}_next`)}</p>}
      {batch.problems.length > 0 && (
        <ul className={classes.summary}>
          {batch.problems.map(problem => (
            <li key={problem.message}>
              {problem.cell && <strong>{problem.cell}</strong>}
              <span>{problem.message}</span>
            </li>
          ))}
        </ul>
      )}
      <div className={classes.actions}>
        <Again batch={batch} primary={broken} />
        {status === 'REFUSED' && (
          <FileButton address={templateAddress(batch.listed)} fallback="template.xlsx">
            {t('exchange.template', { title: batch.list_title })}
          </FileButton>
        )}
      </div>
    </Frame>
  )
}

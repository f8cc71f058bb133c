import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ProjectDetail } from '@/api/types'
import { fenOfYuan, formatWan, share } from '@/lib/money'
import { MoneyFigure, Wan } from '@/ui/facts/Facts'
import { ReasonDialog } from '@/ui/form/ReasonDialog'
import { Panel } from '@/ui/layout/Panel'
import { Empty, useReason } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { removable } from './balance'
import classes from './Projects.module.css'
import { useAllot } from './queries'

type Line = ProjectDetail['money'][number]
const STAGES = ['planned', 'arrived', 'spent', 'accepted'] as const

/** The project's figures by stage, and the entries of the ledger that they are the sums of. */
export function Money({ project }: { project: ProjectDetail }) {
  const { t } = useTranslation()
  const [taking, setTaking] = useState<Line | null>(null)
  const mine = project.my_steps.includes('ALLOT')
  const back = (line: Line) =>
    mine &&
    fenOfYuan(removable(project, line)) > 0n && (
      <Button size="small" onClick={() => setTaking(line)}>
        {t('projects.money.take_back')}
      </Button>
    )
  const columns: Column<Line>[] = [
    { key: 'date', title: t('projects.money.date'), render: line => line.occurred_date },
    { key: 'stage', title: t('projects.money.stage'), render: line => t(`commitments.columns.${figure(line)}`) },
    {
      key: 'source',
      title: t('projects.money.source'),
      render: line => <Link to={`/commitments/${line.commitment}`}>{line.title}</Link>,
    },
    {
      key: 'amount',
      title: t('projects.money.amount'),
      align: 'right',
      render: line => <Wan yuan={line.amount_yuan} />,
    },
    {
      key: 'accepted',
      title: t('projects.money.accepted'),
      align: 'right',
      render: line => (line.stage === 'SPENT' ? <Wan yuan={line.accepted_yuan} /> : '—'),
    },
    { key: 'back', title: <span className="visually-hidden">{t('projects.money.take_back')}</span>, render: back },
  ]
  return (
    <Panel title={t('projects.money.title')}>
      <dl className={classes.figures}>
        {STAGES.map(stage => {
          const percent = stage === 'planned' ? null : share(project[stage], project.planned)
          return (
            <MoneyFigure
              key={stage}
              label={t(`projects.columns.${stage}`)}
              yuan={project[stage]}
              tone={stage === 'accepted' ? 'ok' : 'plain'}
              hint={percent === null ? undefined : t('projects.of_planned', { percent })}
            />
          )
        })}
      </dl>
      {project.money.length === 0 ? (
        <Empty compact title={t('projects.money.empty')}>
          {t('projects.money.empty_next')}
        </Empty>
      ) : (
        <DataTable
          caption={t('projects.money.caption')}
          rows={project.money}
          columns={columns}
          rowKey={line => line.id}
          card={line => (
            <div className={classes.card}>
              <Link to={`/commitments/${line.commitment}`}>{line.title}</Link>
              <span>
                {line.occurred_date} {t(`commitments.columns.${figure(line)}`)} <Wan yuan={line.amount_yuan} />
              </span>
              {line.stage === 'SPENT' && (
                <span className={classes.small}>
                  {t('projects.money.accepted')} <Wan yuan={line.accepted_yuan} />
                </span>
              )}
              {back(line)}
            </div>
          )}
        />
      )}
      {taking && <TakeBack project={project} line={taking} onClose={() => setTaking(null)} />}
    </Panel>
  )
}

const figure = (line: Line) => (line.stage === 'SPENT' ? 'spent' : 'arrived')

function TakeBack({ project, line, onClose }: { project: ProjectDetail; line: Line; onClose: () => void }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const allot = useAllot(project)
  const amount = removable(project, line)
  return (
    <ReasonDialog
      open
      title={t('projects.ask.TAKE_BACK.title', { amount: formatWan(amount) })}
      hint={t('projects.ask.TAKE_BACK.hint')}
      submit={t('projects.ask.TAKE_BACK.submit')}
      missing={t('projects.ask_missing')}
      pending={allot.isPending}
      error={allot.error && reason(allot.error)}
      onCancel={onClose}
      onSubmit={words =>
        allot.mutateAsync({ entry: line.entry, amount_yuan: `-${amount}`, reason: words }).then(
          () => {
            onClose()
            void message.success(t('projects.money.taken_back'))
          },
          () => undefined, // said in the dialog
        )
      }
    />
  )
}

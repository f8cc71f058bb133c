import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Agreement, AgreementUnit, TargetProgress } from '@/api/types'
import { formatCount } from '@/lib/format'
import { formatWan } from '@/lib/money'
import { Panel } from '@/ui/layout/Panel'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import classes from './Agreements.module.css'
import { targetsQuery } from './queries'

type Target = Agreement['targets'][number] & { progress?: TargetProgress }

/** What was agreed on in figures; once signed, with how far each of them is. */
export function Targets({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation()
  const signed = agreement.status === 'SIGNED'
  const progress = useQuery({ ...targetsQuery(agreement.id), enabled: signed }).data ?? []
  const rows: Target[] = agreement.targets.map(target => ({
    ...target,
    progress: progress.find(one => one.indicator === target.indicator),
  }))
  const columns: Column<Target>[] = [
    {
      key: 'indicator',
      title: t('agreements.form.indicator'),
      render: one => (
        <>
          {t(`agreements.indicator.${one.indicator}`)}
          {one.note && <div className={classes.small}>{one.note}</div>}
        </>
      ),
    },
    { key: 'quantity', title: t('agreements.targets'), align: 'right', render: one => <Figure {...one} /> },
  ]
  if (signed)
    columns.push(
      {
        key: 'promised',
        title: t('agreements.progress.promised'),
        align: 'right',
        render: ({ unit, progress }) =>
          progress?.promised ? <Figure unit={unit} quantity={progress.promised} /> : '—',
      },
      {
        key: 'confirmed',
        title: t('agreements.progress.confirmed'),
        align: 'right',
        render: ({ unit, progress }) => progress && <Figure unit={unit} quantity={progress.confirmed} />,
      },
      {
        key: 'completion',
        title: t('agreements.progress.completion'),
        align: 'right',
        render: ({ progress }) => progress && `${Number(progress.completion)}%`,
      },
      { key: 'step', title: '', render: one => <Register agreement={agreement} target={one} /> },
    )
  return (
    <Panel title={t('agreements.targets')} flush={rows.length > 0}>
      {rows.length === 0 ? (
        <Empty compact title={t('agreements.targets_none')} />
      ) : (
        <DataTable
          caption={t('agreements.targets')}
          rows={rows}
          columns={columns}
          rowKey={one => one.indicator}
          card={one => <Card agreement={agreement} target={one} />}
        />
      )}
    </Panel>
  )
}

type Props = { agreement: Agreement; target: Target }

function Card({ agreement, target }: Props) {
  const { t } = useTranslation()
  const figure = useFigure()
  const { progress, unit } = target
  return (
    <div className={classes.card}>
      <span>{t(`agreements.indicator.${target.indicator}`)}</span>
      <strong>
        <Figure {...target} />
      </strong>
      {progress && (
        <span className={classes.small}>
          {progress.promised !== null && `${t('agreements.progress.promised')} ${figure(unit, progress.promised)}，`}
          {`${t('agreements.progress.confirmed')} ${figure(unit, progress.confirmed)}（${Number(progress.completion)}%）`}
        </span>
      )}
      {target.note && <span className={classes.small}>{target.note}</span>}
      <Register agreement={agreement} target={target} />
    </div>
  )
}

/** The way from a target to the commitment it asks for, for the side that promises, while something is left. */
function Register({ agreement, target: { progress } }: Props) {
  const { t } = useTranslation()
  if (agreement.my_signatory !== 'HELPER' || !progress?.kind || !Number(progress.left)) return null
  const query = new URLSearchParams({ kind: progress.kind, year: agreement.start_date.slice(0, 4) })
  if (agreement.pairing) query.set('pairing', String(agreement.pairing))
  return <Link to={`/commitments/new?${query}`}>{t('agreements.progress.register')}</Link>
}

/** The figure in the unit that people read: money in 万元. */
function useFigure() {
  const { t } = useTranslation()
  return (unit: AgreementUnit, quantity: string): string =>
    `${unit === 'YUAN' ? formatWan(quantity) : formatCount(Number(quantity))} ${t(`agreements.unit.${unit}`)}`
}

function Figure({ unit, quantity }: { unit: AgreementUnit; quantity: string }) {
  const figure = useFigure()
  return <span className={classes.figure}>{figure(unit, quantity)}</span>
}

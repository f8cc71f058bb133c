import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { FIRMS_VILLAGES } from '@/api/reference'
import { useUser } from '@/api/session'
import type { Agreement, AgreementKind, Pairing, Prefill } from '@/api/types'
import { formatWan } from '@/lib/money'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty, ForbiddenMessage } from '@/ui/state/States'
import { AgreementForm } from './AgreementForm'
import classes from './Agreements.module.css'
import { agreementQuery, KINDS, pairingOfQuery, prefillQuery } from './queries'

/** Begin an agreement from what is known, or reword a draft. */
export default function AgreementFormPage() {
  const { t } = useTranslation()
  const id = useParams().id
  return (
    <Page
      title={t(id ? 'agreements.form.title_change' : 'agreements.form.title')}
      lead={t('agreements.form.lead')}
      crumbs={[{ to: '/agreements', label: t('agreements.title') }]}
    >
      {id ? <Reworded id={Number(id)} /> : <Begun />}
    </Page>
  )
}

function Reworded({ id }: { id: number }) {
  const { t } = useTranslation()
  const query = useQuery(agreementQuery(id))
  return (
    <QueryView query={query} fill>
      {found =>
        found.my_steps.includes('CHANGE') ? (
          <Panel>
            <AgreementForm initial={found} agreement={found} />
          </Panel>
        ) : (
          <ForbiddenMessage why={t('agreements.form.not_open')} fill />
        )
      }
    </QueryView>
  )
}

function Begun() {
  const { t } = useTranslation()
  const user = useUser()
  const [params] = useSearchParams()
  const pairing = Number(params.get('pairing')) || undefined
  const query = useQuery({ ...pairingOfQuery(pairing ?? 0), enabled: pairing !== undefined })
  if (user.role === 'CENTRAL_UNIT' && !pairing) return <Kinds kinds={['RESPONSIBILITY']} />
  if (!pairing) {
    return (
      <Empty
        title={t('agreements.form.pairing_missing')}
        action={<Link to="/pairings">{t('agreements.form.to_pairings')}</Link>}
      />
    )
  }
  return (
    <QueryView query={query} fill>
      {found => <Kinds kinds={kindsOf(found)} pairing={found} />}
    </QueryView>
  )
}

/** What is agreed on under a pairing, the usual first: firm and village have an agreement of their own. */
function kindsOf(pairing: Pairing): AgreementKind[] {
  const usual: AgreementKind = pairing.channel === FIRMS_VILLAGES ? 'VILLAGE' : 'ANNUAL'
  return [usual, ...KINDS.filter(kind => kind !== usual && kind !== 'RESPONSIBILITY')]
}

/** The years that a pairing covers, the latest first; an open end lasts to the start's fifth year. */
function yearsOf(pairing: Pairing | undefined): number[] {
  const now = new Date().getFullYear()
  if (!pairing) return [now, now + 1, now - 1]
  const first = Number(pairing.start_date.slice(0, 4))
  const last = pairing.end_date ? Number(pairing.end_date.slice(0, 4)) : first + 5
  return Array.from({ length: last - first + 1 }, (_, back) => last - back)
}

function Kinds({ kinds, pairing }: { kinds: AgreementKind[]; pairing?: Pairing }) {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const years = yearsOf(pairing)
  const kind = kinds.find(one => one === params.get('kind')) ?? kinds[0] ?? 'ANNUAL'
  const year = years.find(one => String(one) === params.get('year')) ?? years[0] ?? new Date().getFullYear()
  const query = useQuery(prefillQuery({ kind, year, pairing: pairing?.id }))
  const choose = (name: string, value: string) =>
    setParams(previous => {
      previous.set(name, value)
      return previous
    })
  return (
    <div className={classes.columns}>
      <Panel>
        <div className={`${classes.dates} ${classes.start}`}>
          <div>
            <label htmlFor="agreement-kind">{t('agreements.form.kind')}</label>
            <NativeSelect
              id="agreement-kind"
              value={kind}
              options={kinds.map(value => ({ value, label: t(`agreements.kind.${value}`) }))}
              onChange={value => choose('kind', value)}
            />
          </div>
          <div>
            <label htmlFor="agreement-year">{t('agreements.form.year')}</label>
            <NativeSelect
              id="agreement-year"
              value={String(year)}
              options={years.map(value => ({ value: String(value), label: String(value) }))}
              onChange={value => choose('year', value)}
            />
          </div>
        </div>
        <QueryView query={query}>
          {prefill => (
            <AgreementForm
              key={`${kind}-${year}`}
              initial={prefill}
              from={prefill.from_title}
              begin={{ kind, pairing: pairing?.id ?? null }}
            />
          )}
        </QueryView>
      </Panel>
      {query.data && query.data.needs.length > 0 && <Needs needs={query.data.needs} />}
    </div>
  )
}

function Needs({ needs }: { needs: Prefill['needs'] }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('agreements.form.needs')} note={t('agreements.form.needs_note')}>
      <ul className={classes.stack}>
        {needs.map(need => (
          <li key={need.id}>
            <Link to={`/needs/${need.id}`} target="_blank">
              {need.title}
            </Link>
            <div className={classes.small}>
              {need.gap_yuan
                ? t('agreements.form.gap', { wan: formatWan(need.gap_yuan) })
                : t('agreements.form.gap_unknown')}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

export type Initial = Pick<Agreement, 'title' | 'start_date' | 'end_date' | 'clauses'> & {
  targets: { indicator: Agreement['targets'][number]['indicator']; quantity: string; note?: string }[]
}

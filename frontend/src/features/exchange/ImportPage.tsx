import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import type { ImportDetail } from '@/api/types'
import { formatTime } from '@/lib/format'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { MissingMessage } from '@/ui/state/States'
import classes from './Exchange.module.css'
import { ImportStatusTag } from './ImportStatusTag'
import { Outcome } from './Outcome'
import { Preview } from './Preview'
import { Progress } from './Progress'
import { underWay, useImport } from './queries'

/** One file: how far it is, what is wrong with it, what it became. */
export default function ImportPage() {
  const { t } = useTranslation()
  const id = Number(useParams().id)
  const query = useImport(id)
  const batch = query.data
  return (
    <Page
      title={batch?.name ?? t('exchange.title')}
      crumbs={[{ to: batch ? `/imports?list=${batch.listed}` : '/imports', label: t('exchange.title') }]}
      marks={batch && <ImportStatusTag batch={batch} />}
      lead={
        batch &&
        t('exchange.file_of', { list: batch.list_title, by: batch.uploaded_by, at: formatTime(batch.created_at) })
      }
    >
      {Number.isInteger(id) ? (
        <QueryView query={query} fill>
          {found => <Body batch={found} />}
        </QueryView>
      ) : (
        <MissingMessage fill />
      )}
    </Page>
  )
}

const WITH_ROWS = ['FAULTY', 'READY', 'COMMITTED', 'UNDONE'] as const

function Body({ batch }: { batch: ImportDetail }) {
  const { t } = useTranslation()
  const doing = underWay(batch)
  return (
    <>
      {doing ? <Progress batch={batch} doing={doing} /> : <Outcome batch={batch} />}
      {(batch.notes ?? []).length > 0 && (
        <Panel title={t('exchange.notes')}>
          <ul className={classes.notes}>
            {batch.notes.map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Panel>
      )}
      {WITH_ROWS.some(status => status === batch.status) && <Preview batch={batch} />}
    </>
  )
}

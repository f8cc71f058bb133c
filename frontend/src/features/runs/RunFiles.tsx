import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Run } from '@/api/types'
import { formatBytes } from '@/lib/format'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { DataTable } from '@/ui/table/DataTable'
import { runFilesQuery } from './queries'
import classes from './RunPage.module.css'

export function RunFiles({ run }: { run: Run }) {
  const { t } = useTranslation()
  const query = useQuery(runFilesQuery(run.id))
  return (
    <Panel title={t('runs.files_title')} note={t('runs.files_note')} flush>
      <QueryView query={query} isEmpty={files => files.length === 0} empty={<Empty title={t('runs.files_empty')} />}>
        {files => (
          <DataTable
            caption={t('runs.files_title')}
            rows={files}
            rowKey={file => file.name}
            columns={[
              { key: 'name', title: t('runs.file_columns.name'), render: file => file.name },
              {
                key: 'size',
                title: t('runs.file_columns.size'),
                align: 'right',
                render: file => <span className={classes.size}>{formatBytes(file.size)}</span>,
              },
              {
                key: 'sha',
                title: t('runs.file_columns.sha'),
                render: file => <span className={classes.sha}>{file.sha256}</span>,
              },
            ]}
            card={file => (
              <div className={classes.card}>
                <span>{file.name}</span>
                <span>{formatBytes(file.size)}</span>
                <span className={`${classes.sha} ${classes.small}`}>{file.sha256}</span>
              </div>
            )}
          />
        )}
      </QueryView>
    </Panel>
  )
}

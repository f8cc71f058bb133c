import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { Import } from '@/api/types'
import { type Filters, useFilters } from '@/lib/filters'
import { formatCount, formatTime } from '@/lib/format'
import { Segments } from '@/ui/form/Segments'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Empty, useReason } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { Pager } from '@/ui/table/Pager'
import { DropZone } from './DropZone'
import classes from './Exchange.module.css'
import { FileButton } from './FileButton'
import { ImportStatusTag } from './ImportStatusTag'
import { importsQuery, listsQuery, PAGE_SIZE, templateAddress, useUpload } from './queries'

/** The way in: the template, the file, and what came in before. */
export default function ImportStartPage() {
  const { t } = useTranslation()
  const filters = useFilters()
  const query = useQuery(listsQuery)
  return (
    <Page title={t('exchange.title')} lead={t('exchange.lead')}>
      <QueryView query={query} isEmpty={lists => lists.length === 0} empty={<Empty title={t('exchange.none')} />}>
        {lists => {
          const listed = lists.find(one => one.key === filters.get('list')) ?? lists[0]
          if (!listed) return null
          return (
            <>
              {lists.length > 1 && (
                <Segments
                  label={t('exchange.list')}
                  value={listed.key}
                  options={lists.map(one => ({ value: one.key, label: one.title }))}
                  onChange={list => filters.set({ list })}
                />
              )}
              <Start key={listed.key} listed={listed} />
              <Past listed={listed.key} filters={filters} />
            </>
          )
        }}
      </QueryView>
    </Page>
  )
}

function Start({ listed }: { listed: { key: string; title: string } }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const reason = useReason()
  const upload = useUpload()
  return (
    <div className={classes.steps}>
      <Panel title={`1. ${t('exchange.step_template')}`}>
        <p className={classes.lead}>{t('exchange.step_template_lead')}</p>
        <FileButton address={templateAddress(listed.key)} fallback="template.xlsx">
          {t('exchange.template', { title: listed.title })}
        </FileButton>
      </Panel>
      <Panel title={`2. ${t('exchange.step_upload')}`}>
        <DropZone
          busy={upload.isPending}
          onFile={file =>
            upload.mutate({ listed: listed.key, file }, { onSuccess: made => void navigate(`/imports/${made.id}`) })
          }
        />
        {upload.error && (
          <p role="alert" className={classes.error}>
            {reason(upload.error)}
          </p>
        )}
      </Panel>
    </div>
  )
}

function Past({ listed, filters }: { listed: string; filters: Filters }) {
  const { t } = useTranslation()
  const query = useQuery(importsQuery(listed, filters.page))
  const columns: Column<Import>[] = [
    {
      key: 'file',
      title: t('exchange.columns.file'),
      render: one => <Link to={`/imports/${one.id}`}>{one.name}</Link>,
    },
    { key: 'status', title: t('exchange.columns.status'), render: one => <ImportStatusTag batch={one} /> },
    { key: 'rows', title: t('exchange.columns.rows'), align: 'right', render: one => <Rows batch={one} /> },
    { key: 'by', title: t('exchange.columns.by'), minor: true, render: one => one.uploaded_by },
    { key: 'at', title: t('exchange.columns.at'), render: one => formatTime(one.created_at) },
  ]
  return (
    <Panel title={t('exchange.past')} flush>
      <QueryView
        query={query}
        isEmpty={data => data.count === 0}
        empty={<Empty title={t('exchange.past_empty')}>{t('exchange.past_empty_next')}</Empty>}
      >
        {data => (
          <DataTable
            caption={t('exchange.past_caption')}
            rows={data.results}
            columns={columns}
            rowKey={one => one.id}
            card={one => (
              <div className={classes.card}>
                <Link to={`/imports/${one.id}`}>{one.name}</Link>
                <span className={classes.marks}>
                  <ImportStatusTag batch={one} />
                  <Rows batch={one} />
                  <span>{formatTime(one.created_at)}</span>
                </span>
              </div>
            )}
            footer={
              <Pager
                count={data.count}
                page={filters.page}
                pageSize={PAGE_SIZE}
                onPage={page => filters.set({ page })}
              />
            }
          />
        )}
      </QueryView>
    </Panel>
  )
}

function Rows({ batch }: { batch: Import }) {
  const { t } = useTranslation()
  if (batch.row_count == null) return <span>—</span>
  const rows = formatCount(batch.row_count)
  return (
    <span>
      {batch.faulty_count
        ? t('exchange.rows_faulty', { faulty: formatCount(batch.faulty_count), rows })
        : t('exchange.rows_right', { rows })}
    </span>
  )
}

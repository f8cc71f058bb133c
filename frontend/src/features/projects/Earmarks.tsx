import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Wan } from '@/ui/facts/Facts'
import { Panel } from '@/ui/layout/Panel'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { type Earmark, earmarksQuery, useEarmark } from './allocation'
import { FormDialog } from './FormDialog'
import classes from './Projects.module.css'

/** What was earmarked of a year's commitments, and what became of it. */
export function Earmarks({ year }: { year: number }) {
  const { t } = useTranslation()
  const query = useQuery(earmarksQuery({ year }))
  const [taking, setTaking] = useState<Earmark | null>(null)
  const columns: Column<Earmark>[] = [
    { key: 'need', title: t('projects.allocation.need'), render: one => <What one={one} /> },
    { key: 'from', title: t('projects.allocation.from'), render: one => one.commitment.title },
    {
      key: 'amount',
      title: t('projects.allocation.earmarked'),
      align: 'right',
      render: one => <Wan yuan={one.earmarked} />,
    },
    { key: 'back', title: t('projects.allocation.decide'), render: one => <Back one={one} onTake={setTaking} /> },
  ]
  if (!query.data || query.data.length === 0) return null
  return (
    <Panel title={t('projects.allocation.earmarks')} note={t('projects.allocation.earmarks_note')} flush>
      <DataTable
        caption={t('projects.allocation.earmarks')}
        rows={query.data}
        columns={columns}
        rowKey={one => one.key}
        card={one => (
          <div className={classes.card}>
            <What one={one} />
            <span>
              {one.commitment.title} <Wan yuan={one.earmarked} />
            </span>
            <Back one={one} onTake={setTaking} />
          </div>
        )}
      />
      {taking && <TakeBack one={taking} onClose={() => setTaking(null)} />}
    </Panel>
  )
}

function What({ one }: { one: Earmark }) {
  const { t } = useTranslation()
  return (
    <div>
      <Link to={`/needs/${one.need.id}`}>{one.need.title}</Link>
      <div className={classes.small}>
        {one.need.place} ·{' '}
        {one.project ? (
          <Link to={`/projects/${one.project}`}>{t('projects.allocation.carried_out')}</Link>
        ) : (
          t('projects.allocation.awaits')
        )}
      </div>
    </div>
  )
}

function Back({ one, onTake }: { one: Earmark; onTake: (one: Earmark) => void }) {
  const { t } = useTranslation()
  return one.may_take_back ? (
    <Button
      onClick={() => onTake(one)}
      aria-label={t('projects.allocation.take_back_this', { need: one.need.title, from: one.commitment.title })}
    >
      {t('projects.allocation.take_back')}
    </Button>
  ) : (
    '—'
  )
}

function TakeBack({ one, onClose }: { one: Earmark; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<{ reason: string }>()
  const earmark = useEarmark()
  return (
    <FormDialog<{ reason: string }>
      title={t('projects.allocation.take_back')}
      submit={t('projects.allocation.take_back')}
      lead={`${one.commitment.title} → ${one.need.title}`}
      form={form}
      initial={{ reason: '' }}
      pending={earmark.isPending}
      send={({ reason }) =>
        earmark
          .mutateAsync({
            commitment: one.commitment.id,
            need: one.need.id,
            amount_yuan: `-${one.earmarked}`,
            reason: reason.trim(),
          })
          .then(() => void message.success(t('projects.allocation.taken_back')))
      }
      onClose={onClose}
    >
      <Form.Item
        name="reason"
        label={t('projects.allocation.reason')}
        rules={[{ required: true, whitespace: true, message: t('projects.allocation.reason_missing') }]}
      >
        <Input.TextArea maxLength={1000} autoSize={{ minRows: 2 }} />
      </Form.Item>
    </FormDialog>
  )
}

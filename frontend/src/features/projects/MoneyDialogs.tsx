import { useQuery } from '@tanstack/react-query'
import { App, Form, Input, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FreeEntry, ProjectDetail } from '@/api/types'
import { today } from '@/lib/format'
import { difference, fenOfYuan, formatWan, yuanToWan } from '@/lib/money'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { amountRule, WanInput, yuanOf } from '@/ui/form/WanInput'
import { QueryView } from '@/ui/state/QueryView'
import { Empty } from '@/ui/state/States'
import { leftByCommitment } from './balance'
import { FormDialog } from './FormDialog'
import { freeMoneyQuery, useAllot, useSpend } from './queries'

type Props = { project: ProjectDetail; onClose: () => void }
const NAMES = { amount_yuan: 'amount' } as const

/** A spending, and what is done without money flowing, is allotted whole. */
const whole = (entry: FreeEntry) => entry.stage === 'SPENT' || !entry.flows

/** What an entry offers the project: all of it, or as much as the plan still lacks. */
function offered(project: ProjectDetail, entry: FreeEntry): string {
  const lacking = difference(project.planned, project.arrived)
  if (whole(entry) || fenOfYuan(lacking) <= 0n || fenOfYuan(lacking) > fenOfYuan(entry.free_yuan))
    return entry.free_yuan
  return lacking
}

export function AllotDialog({ project, onClose }: Props) {
  const { t } = useTranslation()
  const query = useQuery(freeMoneyQuery(project.id))
  if (query.data && query.data.length > 0) return <Allotting project={project} entries={query.data} onClose={onClose} />
  return (
    <Modal open title={t('projects.money.allot_title')} footer={null} onCancel={onClose}>
      <QueryView query={query}>
        {() => (
          <Empty compact title={t('projects.money.allot_none')}>
            {t('projects.money.allot_none_next')}
          </Empty>
        )}
      </QueryView>
    </Modal>
  )
}

type Allotted = { entry: string; amount: string }

function Allotting({ project, entries, onClose }: Props & { entries: FreeEntry[] }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<Allotted>()
  const allot = useAllot(project)
  const first = entries[0] as FreeEntry
  const chosen = Form.useWatch('entry', form) ?? String(first.id)
  const entry = entries.find(one => String(one.id) === chosen) ?? first
  return (
    <FormDialog<Allotted>
      title={t('projects.money.allot_title')}
      submit={t('projects.money.allot_title')}
      form={form}
      initial={{ entry: String(first.id), amount: yuanToWan(offered(project, first)) }}
      names={NAMES}
      pending={allot.isPending}
      send={values =>
        allot
          .mutateAsync({ entry: Number(values.entry), amount_yuan: yuanOf(values.amount), reason: '' })
          .then(() => void message.success(t('projects.money.allot_done')))
      }
      onClose={onClose}
    >
      <Form.Item name="entry" label={t('projects.money.allot_entry')}>
        <NativeSelect
          options={entries.map(one => ({
            value: String(one.id),
            label: t('projects.money.allot_option', {
              date: one.occurred_date,
              stage: t(`commitments.columns.${one.stage === 'SPENT' ? 'spent' : 'arrived'}`),
              title: one.title,
              free: formatWan(one.free_yuan),
            }),
          }))}
          onChange={value => {
            const next = entries.find(one => String(one.id) === value) ?? first
            form.setFieldsValue({ entry: value, amount: yuanToWan(offered(project, next)) })
          }}
        />
      </Form.Item>
      <Form.Item
        name="amount"
        label={t('projects.money.allot_amount')}
        required
        rules={[amountRule(t)]}
        extra={whole(entry) && t('projects.money.allot_whole')}
      >
        <WanInput readOnly={whole(entry)} />
      </Form.Item>
    </FormDialog>
  )
}

type Spent = { commitment: string; amount: string; occurred_date: string; reference: string }

export function SpendDialog({ project, onClose }: Props) {
  const { t } = useTranslation()
  const left = leftByCommitment(project).filter(one => fenOfYuan(one.left) > 0n)
  if (left.length > 0) return <Spending project={project} left={left} onClose={onClose} />
  return (
    <Modal open title={t('projects.money.spend_title')} footer={null} onCancel={onClose}>
      <Empty compact title={t('projects.money.spend_none')} />
    </Modal>
  )
}

function Spending({ project, left, onClose }: Props & { left: ReturnType<typeof leftByCommitment> }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<Spent>()
  const spend = useSpend(project)
  return (
    <FormDialog<Spent>
      title={t('projects.money.spend_title')}
      submit={t('projects.money.spend_title')}
      form={form}
      initial={{ commitment: String(left[0]?.commitment ?? ''), amount: '', occurred_date: today(), reference: '' }}
      names={NAMES}
      pending={spend.isPending}
      send={values =>
        spend
          .mutateAsync({
            commitment: Number(values.commitment),
            amount_yuan: yuanOf(values.amount),
            occurred_date: values.occurred_date,
            reference: values.reference.trim(),
            evidence: '',
          })
          .then(() => void message.success(t('projects.money.spend_done')))
      }
      onClose={onClose}
    >
      <Form.Item
        name="commitment"
        label={t('projects.money.spend_from')}
        rules={[{ required: true, message: t('projects.money.choose_missing') }]}
      >
        <NativeSelect
          options={left.map(one => ({
            value: String(one.commitment),
            label: t('projects.money.spend_option', { title: one.title, left: formatWan(one.left) }),
          }))}
        />
      </Form.Item>
      <Form.Item name="amount" label={t('projects.money.spend_amount')} required rules={[amountRule(t)]}>
        <WanInput />
      </Form.Item>
      <Form.Item
        name="occurred_date"
        label={t('projects.money.spend_date')}
        rules={[{ required: true, message: t('projects.money.spend_missing') }]}
      >
        <Input type="date" max={today()} />
      </Form.Item>
      <Form.Item name="reference" label={`${t('projects.money.reference')}（${t('common.optional')}）`}>
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  )
}

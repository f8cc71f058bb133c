import { App, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ProjectDetail } from '@/api/types'
import { formatMeasure } from '@/lib/format'
import { FormDialog } from './FormDialog'
import { useReport } from './queries'

type Values = { quantity: string; beneficiaries: string; note: string }

const plain = (quantity: string) => quantity.replace(/\.?0+$/, '')

/** What was achieved, once, in the unit of the target. */
export function ReportDialog({ project, onClose }: { project: ProjectDetail; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const report = useReport(project)
  const { need } = project
  return (
    <FormDialog<Values>
      title={t('projects.steps.REPORT')}
      submit={t('projects.result.submit')}
      lead={`${t('projects.fields.target')}：${need.performance_target}（${formatMeasure(need.quantity)} ${need.unit}）`}
      form={form}
      initial={{
        quantity: plain(project.result_quantity ?? ''),
        beneficiaries: String(project.result_beneficiaries ?? ''),
        note: project.result_note ?? '',
      }}
      pending={report.isPending}
      send={values =>
        report
          .mutateAsync({
            quantity: values.quantity,
            beneficiaries: values.beneficiaries ? Number(values.beneficiaries) : null,
            note: values.note.trim(),
          })
          .then(() => void message.success(t('projects.result.done')))
      }
      onClose={onClose}
    >
      <Form.Item
        name="quantity"
        label={t('projects.result.quantity', { unit: need.unit })}
        required
        rules={[{ required: true, pattern: /^\d{1,12}(\.\d{1,2})?$/, message: t('projects.result.quantity_wrong') }]}
      >
        <Input inputMode="decimal" autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="beneficiaries"
        label={`${t('projects.result.beneficiaries')}（${t('common.optional')}）`}
        rules={[{ pattern: /^\d{1,7}$/, message: t('projects.result.beneficiaries_wrong') }]}
      >
        <Input inputMode="numeric" autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="note"
        label={t('projects.result.note')}
        rules={[{ required: true, whitespace: true, message: t('projects.result.note_missing') }]}
      >
        <Input.TextArea maxLength={300} autoSize={{ minRows: 2 }} placeholder={t('projects.result.note_hint')} />
      </Form.Item>
    </FormDialog>
  )
}

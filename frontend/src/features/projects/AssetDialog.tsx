import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AssetClass } from '@/api/types'
import { formatWan } from '@/lib/money'
import { NativeSelect } from '@/ui/form/NativeSelect'
import { FormDialog } from './FormDialog'
import { CLASSES } from './queries'

export type AssetValues = { asset_class: AssetClass; name: string; owner: string; maintainer: string; reason: string }

type Props = {
  title: string
  accepted: string
  initial: Partial<AssetValues>
  /** A record that stands is corrected for a reason. */
  correcting?: boolean
  pending: boolean
  send: (content: AssetValues) => Promise<unknown>
  onClose: () => void
}

/** What a project leaves behind; its value and its place are known already. */
export function AssetDialog({ title, accepted, initial, correcting = false, pending, send, onClose }: Props) {
  const { t } = useTranslation()
  const [form] = Form.useForm<AssetValues>()
  const trimmed = ({ asset_class, name, owner, maintainer, reason }: AssetValues) => ({
    asset_class,
    name: name.trim(),
    owner: owner.trim(),
    maintainer: maintainer.trim(),
    ...(correcting ? { reason: reason.trim() } : {}),
  })
  return (
    <FormDialog<AssetValues>
      title={title}
      submit={title}
      lead={t('projects.asset.value_note', { accepted: formatWan(accepted) })}
      form={form}
      initial={initial}
      pending={pending}
      send={values => send(trimmed(values) as AssetValues)}
      onClose={onClose}
    >
      <Form.Item
        name="asset_class"
        label={t('projects.asset.class')}
        rules={[{ required: true, message: t('projects.asset.class_missing') }]}
      >
        <NativeSelect options={CLASSES.map(value => ({ value, label: t(`projects.asset_class.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="name"
        label={t('projects.asset.name')}
        rules={[{ required: true, whitespace: true, message: t('projects.asset.name_missing') }]}
      >
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item
        name="owner"
        label={t('projects.asset.owner')}
        rules={[{ required: true, whitespace: true, message: t('projects.asset.owner_missing') }]}
      >
        <Input maxLength={80} placeholder={t('projects.asset.owner_hint')} />
      </Form.Item>
      <Form.Item
        name="maintainer"
        label={t('projects.asset.maintainer')}
        rules={[{ required: true, whitespace: true, message: t('projects.asset.maintainer_missing') }]}
      >
        <Input maxLength={80} />
      </Form.Item>
      {correcting && (
        <Form.Item
          name="reason"
          label={t('projects.asset.correct_reason')}
          rules={[{ required: true, whitespace: true, message: t('projects.asset.correct_missing') }]}
        >
          <Input maxLength={1000} />
        </Form.Item>
      )}
    </FormDialog>
  )
}

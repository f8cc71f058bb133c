import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'

/** Where the people sent work, as what and until when; the start is the day they took up the post. */
export function PostingFields() {
  const { t } = useTranslation()
  const optional = (name: 'duty' | 'end' | 'names') => `${t(`commitments.posting.${name}`)}（${t('common.optional')}）`
  return (
    <>
      <Form.Item
        name="unit"
        label={t('commitments.posting.unit')}
        rules={[{ required: true, whitespace: true, message: t('commitments.posting.unit_missing') }]}
      >
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item
        name="post"
        label={t('commitments.posting.post')}
        rules={[{ required: true, whitespace: true, message: t('commitments.posting.post_missing') }]}
      >
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="duty" label={optional('duty')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="end_date" label={optional('end')}>
        <Input type="date" />
      </Form.Item>
      <Form.Item name="names" label={optional('names')}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
    </>
  )
}

import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { filled } from './FactFields'
import classes from './Parties.module.css'

/** A log-in name and a password of one's own; the password can be shown, so it is typed once. */
export function AccountFields() {
  const { t } = useTranslation()
  return (
    <div className={classes.pair}>
      <Form.Item
        name="username"
        label={t('parties.fields.username')}
        rules={[
          filled(t('parties.join_page.username_missing')),
          { min: 2, message: t('parties.join_page.username_missing') },
        ]}
      >
        <Input maxLength={60} autoComplete="username" autoCapitalize="none" spellCheck={false} />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('parties.fields.password')}
        rules={[{ required: true, min: 12, message: t('parties.join_page.password_missing') }]}
      >
        <Input.Password maxLength={200} autoComplete="new-password" />
      </Form.Item>
    </div>
  )
}

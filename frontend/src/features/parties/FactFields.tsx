import { Form, Input } from 'antd'
import type { Rule } from 'antd/es/form'
import { useTranslation } from 'react-i18next'
import type { Area, Party } from '@/api/types'
import { Finder } from '@/ui/form/Finder'
import { NativeSelect } from '@/ui/form/NativeSelect'
import classes from './Parties.module.css'
import { INDUSTRIES, JOINING, seatSearchQuery } from './queries'

export const filled = (message: string): Rule => ({ required: true, whitespace: true, message })

/** What says who somebody is, as fields of a form. */
export function FactFields({ seat }: { seat?: Party['area'] }) {
  const { t } = useTranslation()
  return (
    <>
      <div className={classes.pair}>
        <Form.Item name="kind" label={t('parties.fields.kind')}>
          <NativeSelect options={JOINING.map(value => ({ value, label: t(`parties.kind.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="industry"
          label={t('parties.fields.industry')}
          rules={[filled(t('parties.join_page.industry_missing'))]}
        >
          <NativeSelect
            options={INDUSTRIES.map(value => ({ value, label: `${value} ${t(`parties.industry.${value}`)}` }))}
          />
        </Form.Item>
      </div>
      <Form.Item name="name" label={t('parties.fields.name')} rules={[filled(t('parties.join_page.name_missing'))]}>
        <Input maxLength={120} autoComplete="organization" placeholder={t('parties.join_page.name_hint')} />
      </Form.Item>
      <Form.Item name="uscc" label={t('parties.fields.uscc')} rules={[filled(t('parties.join_page.uscc_missing'))]}>
        <Input
          maxLength={24}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          placeholder={t('parties.join_page.uscc_hint')}
        />
      </Form.Item>
      <Form.Item name="area" label={t('parties.fields.area')} rules={[filled(t('parties.join_page.area_missing'))]}>
        <Finder
          initial={seat ? { value: seat.code, label: seat.full_name } : undefined}
          ask={search => seatSearchQuery(search) as never}
          optionOf={(area: Area) => ({ value: area.code, label: area.full_name })}
        />
      </Form.Item>
    </>
  )
}

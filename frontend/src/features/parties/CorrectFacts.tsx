import { App, Button, Form, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Facts, Profile } from '@/api/types'
import { showProblems } from '@/ui/form/problems'
import { useReason } from '@/ui/state/States'
import { FactFields } from './FactFields'
import classes from './Parties.module.css'
import { useCorrect } from './queries'

/** The party words its facts anew; what was sent back is thereby submitted again. */
export function CorrectFacts({ profile }: { profile: Profile }) {
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const [open, setOpen] = useState(false)
  const [rest, setRest] = useState<Error | null>(null)
  const [form] = Form.useForm<Facts>()
  const correct = useCorrect(profile)
  const { party, registration } = profile
  const refused = registration?.status === 'REFUSED'
  const submit = (facts: Facts) => {
    setRest(null)
    correct.mutate(
      { ...facts, name: facts.name.trim() },
      {
        onSuccess: () => {
          setOpen(false)
          void message.success(t('parties.own.corrected'))
        },
        onError: error => setRest(showProblems(form, error)),
      },
    )
  }
  return (
    <>
      <Button size="small" type={refused ? 'primary' : 'default'} onClick={() => setOpen(true)}>
        {t(refused ? 'parties.own.correct' : 'parties.own.correct_verified')}
      </Button>
      <Modal
        open={open}
        title={t('parties.about')}
        okText={t(refused ? 'parties.own.resubmit' : 'common.save')}
        cancelText={t('common.cancel')}
        confirmLoading={correct.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p className={classes.small}>{t('parties.own.correct_note')}</p>
        <Form<Facts>
          form={form}
          layout="vertical"
          requiredMark={false}
          preserve={false}
          onFinish={submit}
          initialValues={{
            kind: party.kind,
            name: party.name,
            uscc: party.uscc ?? '',
            area: party.area?.code,
            industry: party.industry ?? '',
          }}
        >
          <FactFields seat={party.area} />
        </Form>
        {rest && (
          <p role="alert" className={classes.error}>
            {reason(rest)}
          </p>
        )}
      </Modal>
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import { App, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '@/api/session'
import { QueryView } from '@/ui/state/QueryView'
import { useReason } from '@/ui/state/States'
import classes from './Assign.module.css'
import { type Meant, reviewersQuery, useAssign } from './queries'

type Props = { run: number; meant: Meant; title: string; onClose: () => void; onDone?: () => void }

const NOBODY = ''

/** To whom suggestions are given to review; how many already wait for each stands beside the name. */
export function AssignDialog({ run, meant, title, onClose, onDone }: Props) {
  const { t } = useTranslation()
  const { username } = useUser()
  const reason = useReason()
  const { message } = App.useApp()
  const query = useQuery(reviewersQuery(run))
  const assign = useAssign(run)
  const [to, setTo] = useState<string | null>(null)
  const send = () =>
    assign.mutate(
      { ...meant, to: to === NOBODY ? null : to },
      {
        onSuccess: ({ changed }) => {
          void message.success(t('review.assign.done', { count: changed }))
          onDone?.()
          onClose()
        },
      },
    )
  return (
    <Modal
      open
      title={title}
      okText={t('review.assign.submit')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: to === null }}
      confirmLoading={assign.isPending}
      onOk={send}
      onCancel={onClose}
    >
      <p>{t('review.assign.means')}</p>
      <QueryView query={query}>
        {people => (
          <Radio.Group className={classes.people ?? ''} value={to} onChange={event => setTo(event.target.value)}>
            {people.map(one => (
              <Radio key={one.username} value={one.username}>
                {one.username === username ? t('review.assign.me', { name: one.display_name }) : one.display_name}
                <small>{t('review.assign.open', { count: one.open })}</small>
              </Radio>
            ))}
            <Radio value={NOBODY}>{t('review.assign.to_nobody')}</Radio>
          </Radio.Group>
        )}
      </QueryView>
      {assign.error && (
        <p role="alert" className={classes.error}>
          {reason(assign.error)}
        </p>
      )}
    </Modal>
  )
}

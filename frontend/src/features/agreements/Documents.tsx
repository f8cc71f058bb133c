import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { save } from '@/api/files'
import { wordsOf } from '@/api/problem'
import type { Agreement } from '@/api/types'
import { formatBytes, formatTime } from '@/lib/format'
import { FileButton } from '@/ui/form/FileButton'
import { Panel } from '@/ui/layout/Panel'
import classes from './Agreements.module.css'
import { useUpload } from './queries'

const FORMS = ['docx', 'pdf'] as const

/** The agreement as files, and the scans of what was signed. */
export function Documents({ agreement }: { agreement: Agreement }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const failed = (error: unknown) => void message.error(wordsOf(error, t('common.states.unreachable')), 8)
  const taking = useMutation({
    mutationFn: ({ address, name }: { address: string; name: string }) => save(address, name),
    onError: failed,
  })
  return (
    <Panel title={t('agreements.documents')}>
      <div className={classes.steps}>
        {FORMS.map(form => {
          const address = `/api/agreements/${agreement.id}/${form}`
          return (
            <Button
              key={form}
              loading={taking.isPending && taking.variables.address === address}
              onClick={() => taking.mutate({ address, name: `${agreement.title}.${form}` })}
            >
              {t(`agreements.${form}`)}
            </Button>
          )
        })}
      </div>
      <h3 className={classes.block}>{t('agreements.copies')}</h3>
      {agreement.copies.length === 0 && <p className={classes.small}>{t('agreements.copies_none')}</p>}
      <ul className={classes.copies}>
        {agreement.copies.map(copy => (
          <li key={copy.id}>
            <Button
              type="link"
              size="small"
              title={`SHA-256 ${copy.sha256}`}
              onClick={() => taking.mutate({ address: `/api/signed-copies/${copy.id}`, name: copy.name })}
            >
              {copy.name}
            </Button>
            <span className={classes.small}>
              {formatBytes(copy.size)} · {copy.uploaded_by} · {formatTime(copy.at)}
            </span>
          </li>
        ))}
      </ul>
      <Upload agreement={agreement} failed={failed} />
    </Panel>
  )
}

function Upload({ agreement, failed }: { agreement: Agreement; failed: (error: unknown) => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const upload = useUpload(agreement)
  const open = agreement.my_signatory && ['OFFERED', 'SIGNED', 'SUPERSEDED'].includes(agreement.status)
  return (
    <>
      <FileButton
        label={t('agreements.upload')}
        why={!open && t('agreements.copies_why')}
        loading={upload.isPending}
        onChoose={file =>
          upload.mutate(file, { onSuccess: () => void message.success(t('agreements.uploaded')), onError: failed })
        }
      />
      <p className={classes.small}>{t('agreements.copies_hint')}</p>
    </>
  )
}

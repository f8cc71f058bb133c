import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { save } from '@/api/files'
import { wordsOf } from '@/api/problem'
import type { LedgerEntry } from '@/api/types'
import { formatBytes, formatTime } from '@/lib/format'
import { FileButton } from '@/ui/form/FileButton'
import classes from './Commitments.module.css'
import { useAttach } from './queries'

/** Papers and photographs beside one entry, and the way to add one. */
export function Files({ entry }: { entry: LedgerEntry }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const attach = useAttach()
  const failed = (error: unknown) => void message.error(wordsOf(error, t('common.states.unreachable')), 8)
  const taking = useMutation({
    mutationFn: ({ id, name }: { id: number; name: string }) => save(`/api/entry-files/${id}`, name),
    onError: failed,
  })
  const mine = entry.my_steps.includes('ATTACH')
  if (!mine && entry.files.length === 0) return null
  return (
    <div className={classes.files}>
      {entry.files.map(file => (
        <Button
          key={file.id}
          type="link"
          size="small"
          title={`${formatBytes(file.size)}，${file.by}，${formatTime(file.at)}，SHA-256 ${file.sha256}`}
          onClick={() => taking.mutate(file)}
        >
          {file.name}
        </Button>
      ))}
      {mine && (
        <FileButton
          label={t('commitments.attach')}
          size="small"
          loading={attach.isPending}
          onChoose={file =>
            attach.mutate(
              { entry: entry.id, file },
              { onSuccess: () => void message.success(t('commitments.attached')), onError: failed },
            )
          }
        />
      )}
    </div>
  )
}

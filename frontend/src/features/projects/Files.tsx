import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { save } from '@/api/files'
import { wordsOf } from '@/api/problem'
import type { ProjectDetail } from '@/api/types'
import { formatBytes, formatTime } from '@/lib/format'
import { FileButton } from '@/ui/form/FileButton'
import classes from './Projects.module.css'
import { useAttach } from './queries'

type Props = { project: ProjectDetail; milestone: number | null; label: string; name?: string }

/** Photographs and papers of a milestone or of the result, and the way to add one. */
export function Files({ project, milestone, label, name }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const attach = useAttach(project.id, milestone)
  const failed = (error: unknown) => void message.error(wordsOf(error, t('common.states.unreachable')), 8)
  const taking = useMutation({
    mutationFn: (file: { id: number; name: string }) => save(`/api/project-files/${file.id}`, file.name),
    onError: failed,
  })
  const files = project.files.filter(file => file.milestone === milestone)
  const mine = project.my_steps.includes('ATTACH')
  if (!mine && files.length === 0) return null
  return (
    <div className={classes.files}>
      {files.map(file => (
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
          label={label}
          aria-label={name}
          loading={attach.isPending}
          onChoose={file =>
            attach.mutate(file, {
              onSuccess: () => void message.success(t('projects.attached')),
              onError: failed,
            })
          }
        />
      )}
    </div>
  )
}

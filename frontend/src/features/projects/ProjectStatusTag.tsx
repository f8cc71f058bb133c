import { useTranslation } from 'react-i18next'
import type { Project, ProjectStatus } from '@/api/types'
import { Tag, type Tone } from '@/ui/facts/Tag'

const TONES: Record<ProjectStatus, Tone> = {
  PROPOSED: 'warn',
  DECLINED: 'neutral',
  CONSENTED: 'info',
  UNDERWAY: 'info',
  COMPLETED: 'ok',
  CLOSED: 'ok',
  STOPPED: 'danger',
}

export function ProjectStatusTag({ status }: { status: ProjectStatus }) {
  const { t } = useTranslation()
  return <Tag tone={TONES[status]}>{t(`projects.status.${status}`)}</Tag>
}

/** Where the money goes: how near to the village, to what, and whether it is said whom it reaches. */
export function Axes({ need }: { need: Project['need'] }) {
  const { t } = useTranslation()
  return (
    <>
      <Tag>{t(`common.level.${need.level as 'COUNTY'}`)}</Tag>
      <Tag>{t(`needs.category.${need.category}`)}</Tag>
      {need.beneficiaries === null && <Tag tone="warn">{t('projects.weak_link')}</Tag>}
    </>
  )
}

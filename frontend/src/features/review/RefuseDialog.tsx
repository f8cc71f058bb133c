import { useTranslation } from 'react-i18next'
import { ReasonDialog } from '@/ui/form/ReasonDialog'

type Props = {
  open: boolean
  title: string
  pair?: string | null
  pending: boolean
  error?: string | null
  onSubmit: (reason: string) => void
  onCancel: () => void
}

const PRESETS = ['agreed_elsewhere', 'too_far', 'capacity', 'facts'] as const

export function RefuseDialog({ pair, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <ReasonDialog
      {...rest}
      hint={t('review.reason_hint')}
      missing={t('review.reason_missing')}
      submit={t('review.refuse')}
      presets={PRESETS.map(preset => t(`review.reason_presets.${preset}`))}
    >
      {pair && <p>{pair}</p>}
    </ReasonDialog>
  )
}

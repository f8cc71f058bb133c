import { useTranslation } from 'react-i18next'
import type { Party } from '@/api/types'
import { Tag, type Tone } from '@/ui/facts/Tag'

const TONES: Record<NonNullable<Party['standing']>, Tone> = {
  PUBLIC: 'neutral',
  PENDING: 'info',
  REFUSED: 'danger',
  VERIFIED: 'ok',
  MERGED: 'neutral',
}

/** Status and 【演示】, beside a party's name. */
export function Standing({ party }: { party: Party }) {
  const { t } = useTranslation()
  return (
    <>
      {party.standing !== 'PUBLIC' && <Tag tone={TONES[party.standing]}>{t(`parties.standing.${party.standing}`)}</Tag>}
      {party.is_demo && <Tag>{t('common.demo')}</Tag>}
    </>
  )
}

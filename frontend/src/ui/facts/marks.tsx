import { useTranslation } from 'react-i18next'
import type { County, FactStatus, PairingStatus, RunStatus, Tier } from '@/api/types'
import { Tag, type Tone } from './Tag'

export function TierTag({ tier }: { tier: Tier | string | null | undefined }) {
  const { t } = useTranslation()
  if (tier === 'deep') return <Tag tone="deep">{t('common.tier.deep')}</Tag>
  if (tier === 'poor') return <Tag tone="poor">{t('common.tier.poor')}</Tag>
  return null
}

/** Shown wherever a fact is not official; sourced facts carry no mark. */
export function UnverifiedTag({ status }: { status: FactStatus | '' | undefined }) {
  const { t } = useTranslation()
  if (status !== 'UNVERIFIED') return null
  return (
    <Tag tone="warn" title={t('common.unverified_why')}>
      {t('common.unverified')}
    </Tag>
  )
}

const LEVEL_TONES: Record<County['level'], Tone> = {
  CONFIRMED: 'ok',
  RECORDED: 'info',
  REGION: 'neutral',
  UNCONFIRMED: 'warn',
  UNVERIFIED: 'warn',
  NONE: 'danger',
}

/** How firmly a channel reaches a county. */
export function LevelTag({ level }: { level: County['level'] }) {
  const { t } = useTranslation()
  return <Tag tone={LEVEL_TONES[level]}>{t(`relations.level.${level}`)}</Tag>
}

const PAIRING_TONES: Record<PairingStatus, Tone> = {
  UNVERIFIED: 'warn',
  PROPOSED: 'info',
  AGREED: 'ok',
  IN_FORCE: 'ok',
  OBJECTED: 'danger',
  WITHDRAWN: 'neutral',
  COMPLETED: 'ok',
  ENDED: 'neutral',
}

export function PairingStatusTag({ status }: { status: PairingStatus }) {
  const { t } = useTranslation()
  return <Tag tone={PAIRING_TONES[status]}>{t(`pairings.status.${status}`)}</Tag>
}

const RUN_TONES: Record<RunStatus, Tone> = {
  REQUESTED: 'neutral',
  RUNNING: 'info',
  READY: 'ok',
  INFEASIBLE: 'warn',
  FAILED: 'danger',
  CANCELLED: 'neutral',
}

export function RunStatusTag({ status }: { status: RunStatus }) {
  const { t } = useTranslation()
  return <Tag tone={RUN_TONES[status]}>{t(`runs.status.${status}`)}</Tag>
}

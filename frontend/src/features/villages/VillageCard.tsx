import { App, Button } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Village } from '@/api/types'
import { formatCount, formatScore } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { TierTag } from '@/ui/facts/marks'
import { ReasonBars } from '@/ui/facts/ReasonBars'
import { Tag } from '@/ui/facts/Tag'
import { ActionButton } from '@/ui/form/ActionButton'
import { useReason } from '@/ui/state/States'
import { InterestStatusTag } from './InterestStatusTag'
import { placeOf } from './place'
import { useExpress, useWithdraw } from './queries'
import classes from './Villages.module.css'

const TOLD = 2

/** One village: where it is, why it fits (all of it at once if `open`), who is there already, and the one button. */
export function VillageCard({ village, open = false }: { village: Village; open?: boolean }) {
  const { t } = useTranslation()
  const { area, county, interest } = village
  return (
    <article className={classes.fit} aria-label={area.full_name}>
      <div className={classes.head}>
        <span className={classes.rank}>
          <span className="visually-hidden">{t('villages.rank', { rank: village.rank })}</span>
          <span aria-hidden="true">{village.rank}</span>
        </span>
        <div className={classes.who}>
          <h3>{area.name}</h3>
          <Link to={`/counties/${county.code}`} className={classes.small}>
            {placeOf(area)}
          </Link>
        </div>
        <strong className={classes.score} title={t('review.score')}>
          {formatScore(village.score)}
        </strong>
      </div>
      <div className={classes.marks}>
        <TierTag tier={village.tier} />
        {village.distance_km !== null && (
          <span>{t('villages.km', { km: formatCount(Math.round(village.distance_km)) })}</span>
        )}
        <Needs village={village} />
        {village.helpers > 0 && <Tag tone="warn">{t('villages.helpers', { count: village.helpers })}</Tag>}
        {village.is_full && <Tag tone="warn">{t('villages.full')}</Tag>}
        {village.is_helping && <Tag tone="ok">{t('villages.helping')}</Tag>}
        {interest && <InterestStatusTag status={interest.status} />}
      </div>
      <Why village={village} opened={open} />
      <Wish village={village} />
    </article>
  )
}

function Needs({ village: { area, county, needs, county_needs } }: { village: Village }) {
  const { t } = useTranslation()
  if (needs > 0) {
    return <Link to={`/needs?area=${area.code}`}>{t('villages.needs', { count: needs })}</Link>
  }
  if (county_needs > 0) {
    return <Link to={`/needs?area=${county.code}`}>{t('villages.county_needs', { count: county_needs })}</Link>
  }
  return null
}

/** What adds most to the score, in words; the rest as bars on demand. */
function Why({ village, opened }: { village: Village; opened: boolean }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const id = useId()
  const [open, setOpen] = useState(opened)
  const heaviest = [...village.reasons]
    .filter(reason => !reason.missing && reason.weight > 0)
    .sort((a, b) => b.points * b.weight - a.points * a.weight)
    .slice(0, TOLD)
  return (
    <div>
      {!open && (
        <ul className={classes.told}>
          {heaviest.map(reason => (
            <li key={reason.code}>{language === 'en' ? reason.en : reason.zh}</li>
          ))}
        </ul>
      )}
      {open && (
        <div id={id}>
          <ReasonBars reasons={village.reasons} score={village.score} names="villages.reasons" />
        </div>
      )}
      <button
        type="button"
        className={classes.more}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {t(open ? 'villages.less' : 'villages.why')}
      </button>
    </div>
  )
}

function Wish({ village }: { village: Village }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const reason = useReason()
  const express = useExpress()
  const withdraw = useWithdraw()
  const { interest, why_not } = village
  const failed = (error: unknown) => void message.error(reason(error))
  if (interest?.status === 'TAKEN_UP') return null
  if (interest) {
    return (
      <Button
        className={classes.wish}
        loading={withdraw.isPending}
        onClick={() =>
          withdraw.mutate(interest, {
            onSuccess: () => void message.success(t('villages.withdrawn')),
            onError: failed,
          })
        }
      >
        {t('villages.withdraw')}
      </Button>
    )
  }
  return (
    <ActionButton
      type="primary"
      className={classes.wish}
      why={why_not && t(`villages.why_not.${why_not}`)}
      loading={express.isPending}
      onClick={() =>
        express.mutate(village.area.code, {
          onSuccess: () => void message.success(t('villages.done')),
          onError: failed,
        })
      }
    >
      {t('villages.express')}
    </ActionButton>
  )
}

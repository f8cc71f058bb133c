import { Switch } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldsProps } from './fields'
import classes from './PolicyEditor.module.css'
import { WholeNumber } from './WholeNumber'

const LARGEST = 1_000_000

export function OtherFields({ draft, before, change, disabled }: FieldsProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={classes.others}>
      <div className={classes.other}>
        <label htmlFor={`${id}-share`}>{t('programmes.policy.share_evenly')}</label>
        <Switch
          id={`${id}-share`}
          checked={draft.share_evenly}
          disabled={disabled}
          onChange={share_evenly => change({ share_evenly })}
        />
        <span className={classes.hint}>{t('programmes.policy.share_evenly_note')}</span>
      </div>
      <div className={classes.other}>
        <label htmlFor={`${id}-near`}>{t('programmes.policy.prefer_near')}</label>
        <Switch
          id={`${id}-near`}
          checked={draft.prefer_near}
          disabled={disabled}
          onChange={prefer_near => change({ prefer_near })}
        />
        <span className={classes.hint}>{t('programmes.policy.prefer_near_note')}</span>
      </div>
      <div className={classes.other}>
        <label htmlFor={`${id}-stability`}>{t('programmes.policy.stability')}</label>
        <WholeNumber
          id={`${id}-stability`}
          max={LARGEST}
          step={500}
          value={draft.stability}
          was={before.stability}
          unit={t('programmes.policy.points')}
          disabled={disabled}
          onChange={stability => change({ stability })}
        />
        <span className={classes.hint}>{t('programmes.policy.stability_note')}</span>
      </div>
      <div className={classes.other}>
        <label htmlFor={`${id}-eyes`}>{t('programmes.policy.four_eyes')}</label>
        <Switch
          id={`${id}-eyes`}
          checked={draft.four_eyes}
          disabled={disabled}
          onChange={four_eyes => change({ four_eyes })}
        />
        <span className={classes.hint}>{t('programmes.policy.four_eyes_note')}</span>
      </div>
    </div>
  )
}

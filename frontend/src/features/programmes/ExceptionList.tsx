import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { FieldsProps } from './fields'
import classes from './PolicyEditor.module.css'

/** Counties with bounds of their own, each of which may go back to those of the policy. */
export function ExceptionList({ draft, change, disabled }: FieldsProps) {
  const { t } = useTranslation()
  return (
    <ul className={classes.exceptions}>
      {draft.exceptions.map(one => (
        <li key={`${one.side}-${one.code}`}>
          <span>
            {one.name} <small>{t(`programmes.policy.side.${one.side}`)}</small>
          </span>
          <span>
            {[
              one.min != null && t('programmes.policy.at_least', { count: one.min }),
              one.max != null && t('programmes.policy.at_most', { count: one.max }),
            ]
              .filter(Boolean)
              .join('，')}
          </span>
          {!disabled && (
            <Button
              size="small"
              aria-label={t('programmes.policy.exception_drop', { name: one.name })}
              onClick={() => change({ exceptions: draft.exceptions.filter(other => other !== one) })}
            >
              {t('programmes.policy.exception_remove')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}

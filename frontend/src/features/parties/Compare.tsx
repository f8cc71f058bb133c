import { useTranslation } from 'react-i18next'
import type { Party, Profile } from '@/api/types'
import { Unknown } from '@/ui/facts/Facts'
import { Panel } from '@/ui/layout/Panel'
import { Empty } from '@/ui/state/States'
import { industryOf } from './AboutParty'
import classes from './Parties.module.css'
import { Standing } from './Standing'

/** This registration beside those called nearly so, field by field; what is the same is marked. */
export function Compare({ party, alike }: { party: Party; alike: Profile['alike'] }) {
  const { t } = useTranslation()
  const fields: [string, (one: Party) => string | undefined][] = [
    [t('parties.fields.name'), one => one.name],
    [t('parties.fields.uscc'), one => one.uscc ?? undefined],
    [t('parties.columns.seat'), one => one.area?.full_name],
    [t('parties.fields.industry'), one => industryOf(one, t)],
  ]
  return (
    <Panel title={t('parties.verify_page.alike')} note={alike.length > 0 && t('parties.verify_page.alike_note')}>
      {alike.length === 0 ? (
        <Empty compact title={t('parties.verify_page.alike_none')} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls must be reachable by keyboard
        // biome-ignore lint/a11y/useSemanticElements: a section would be one landmark more inside the panel's own
        <div className={classes.frame} tabIndex={0} role="group" aria-label={t('parties.verify_page.alike')}>
          <table className={classes.compare}>
            <thead>
              <tr>
                <td />
                <th scope="col">{t('parties.verify_page.this')}</th>
                {alike.map(one => (
                  <th key={one.id} scope="col">
                    {t('parties.verify_page.likeness')} {Math.round(one.likeness * 100)}% <Standing party={one} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {fields.map(([label, of]) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  <td>{of(party) ?? <Unknown />}</td>
                  {alike.map(one => (
                    <td key={one.id} className={of(one) && of(one) === of(party) ? classes.same : ''}>
                      {of(one) ?? <Unknown />}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { COUNTY_PAIRING, channelsQuery, FIRMS_VILLAGES } from '@/api/reference'
import { runQuery } from '@/api/runs'
import { useUser } from '@/api/session'
import { useFilters } from '@/lib/filters'
import { formatTime } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { Segments } from '@/ui/form/Segments'
import { Page } from '@/ui/layout/Page'
import { QueryView } from '@/ui/state/QueryView'
import { useReason } from '@/ui/state/States'
import { PolicyEditor } from './PolicyEditor'
import classes from './PolicyEditor.module.css'
import { currentPolicyQuery, policyQuery } from './queries'

export default function PolicyPage() {
  const { t } = useTranslation()
  const user = useUser()
  const language = useLanguage()
  const filters = useFilters()
  const reason = useReason()
  const code = filters.get('channel') === FIRMS_VILLAGES ? FIRMS_VILLAGES : COUNTY_PAIRING
  const policy = useQuery(currentPolicyQuery(code))
  const matchable = (useQuery(channelsQuery).data ?? []).filter(one => one.matchable)
  const channel = matchable.find(one => one.code === code)
  const editable = user.role === 'COORDINATOR'
  const copy = Number(filters.get('copy')) || null
  const copied = useQuery({ ...runQuery(copy ?? 0), enabled: copy !== null })
  const source = useQuery(policyQuery(copied.data?.channel === code ? copied.data.policy : null))
  return (
    <Page
      title={t('programmes.policy.title')}
      width="wide"
      crumbs={[{ to: '/programmes', label: t('programmes.title') }]}
      lead={editable ? t('programmes.policy.lead') : t('programmes.policy.read_only')}
    >
      {matchable.length > 1 && (
        <Segments
          label={t('programmes.policy.channel')}
          value={code}
          options={matchable.map(one => ({ value: one.code, label: language === 'en' ? one.name_en : one.name_zh }))}
          onChange={chosen => filters.set({ channel: chosen === COUNTY_PAIRING ? '' : chosen, copy: '' })}
        />
      )}
      {copy !== null && copied.error && <p role="alert">{reason(copied.error)}</p>}
      <QueryView query={policy} fill>
        {current => (
          <>
            <p>
              {channel?.name_zh && <strong>{channel.name_zh}：</strong>}
              {current
                ? `${t('programmes.policy.current', { version: current.version, name: current.name })}（${t(
                    'programmes.policy.made',
                    { by: current.created_by, at: formatTime(current.created_at) },
                  )}）`
                : t('programmes.policy.no_policy')}
            </p>
            {source.data && copied.data && (
              <p role="status" className={classes.copied}>
                {t('programmes.policy.copied', {
                  id: copied.data.id,
                  version: source.data.version,
                  name: source.data.name,
                  year: copied.data.year,
                })}{' '}
                <Button type="link" size="small" onClick={() => filters.set({ copy: '' })}>
                  {t('programmes.policy.copy_off')}
                </Button>
              </p>
            )}
            {/* A new version starts the editor over, whoever saved it; so does a run that is copied. */}
            <PolicyEditor
              key={`${code}-${current?.version ?? 0}-${source.data ? copy : ''}`}
              channel={code}
              current={current}
              editable={editable}
              copied={source.data && copied.data ? { run: copied.data.id, policy: source.data } : null}
            />
          </>
        )}
      </QueryView>
    </Page>
  )
}

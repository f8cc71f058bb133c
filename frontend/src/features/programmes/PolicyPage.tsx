import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { COUNTY_PAIRING, channelsQuery, FIRMS_VILLAGES } from '@/api/reference'
import { useUser } from '@/api/session'
import { useFilters } from '@/lib/filters'
import { formatTime } from '@/lib/format'
import { useLanguage } from '@/lib/i18n'
import { Segments } from '@/ui/form/Segments'
import { Page } from '@/ui/layout/Page'
import { QueryView } from '@/ui/state/QueryView'
import { PolicyEditor } from './PolicyEditor'
import { currentPolicyQuery } from './queries'

export default function PolicyPage() {
  const { t } = useTranslation()
  const user = useUser()
  const language = useLanguage()
  const filters = useFilters()
  const code = filters.get('channel') === FIRMS_VILLAGES ? FIRMS_VILLAGES : COUNTY_PAIRING
  const policy = useQuery(currentPolicyQuery(code))
  const matchable = (useQuery(channelsQuery).data ?? []).filter(one => one.matchable)
  const channel = matchable.find(one => one.code === code)
  const editable = user.role === 'COORDINATOR'
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
          onChange={chosen => filters.set({ channel: chosen === COUNTY_PAIRING ? '' : chosen })}
        />
      )}
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
            {/* A new version starts the editor over, whoever saved it. */}
            <PolicyEditor
              key={`${code}-${current?.version ?? 0}`}
              channel={code}
              current={current}
              editable={editable}
            />
          </>
        )}
      </QueryView>
    </Page>
  )
}

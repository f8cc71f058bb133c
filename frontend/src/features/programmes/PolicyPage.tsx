import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { COUNTY_PAIRING, channelsQuery } from '@/api/reference'
import { useUser } from '@/api/session'
import { formatTime } from '@/lib/format'
import { Page } from '@/ui/layout/Page'
import { QueryView } from '@/ui/state/QueryView'
import { PolicyEditor } from './PolicyEditor'
import { currentPolicyQuery } from './queries'

export default function PolicyPage() {
  const { t } = useTranslation()
  const user = useUser()
  const policy = useQuery(currentPolicyQuery(COUNTY_PAIRING))
  const channel = useQuery(channelsQuery).data?.find(one => one.code === COUNTY_PAIRING)
  const editable = user.role === 'COORDINATOR'
  return (
    <Page
      title={t('programmes.policy.title')}
      width="wide"
      crumbs={[{ to: '/programmes', label: t('programmes.title') }]}
      lead={editable ? t('programmes.policy.lead') : t('programmes.policy.read_only')}
    >
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
            <PolicyEditor key={current?.version ?? 0} channel={COUNTY_PAIRING} current={current} editable={editable} />
          </>
        )}
      </QueryView>
    </Page>
  )
}

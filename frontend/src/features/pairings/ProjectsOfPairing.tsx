import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Pairing } from '@/api/types'
import { ActionButton } from '@/ui/form/ActionButton'
import { Projects } from '@/ui/relations/Projects'
import { Empty } from '@/ui/state/States'

export function ProjectsOfPairing({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const open = pairing.status === 'AGREED' || pairing.status === 'IN_FORCE'
  const why = pairing.my_side !== 'RECIPIENT' ? t('projects.new_why') : !open ? t('pairings.register_why_status') : null
  const propose = (
    <ActionButton why={why} onClick={() => void navigate(`/projects/new?pairing=${pairing.id}`)}>
      {t('projects.new')}
    </ActionButton>
  )
  return (
    <Projects
      of={{ pairing: pairing.id }}
      title={t('projects.of_pairing')}
      aside={() => propose}
      empty={
        <Empty compact title={t('projects.of_pairing_empty')}>
          {t('projects.empty_county')}
        </Empty>
      }
    />
  )
}

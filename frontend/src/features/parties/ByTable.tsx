import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useSession } from '@/api/session'
import type { Role } from '@/api/types'

const ENROLLING: readonly Role[] = ['FEDERATION', 'COORDINATOR']

/** The way to the import of a whole list, for those who vouch for the firms on it. */
export function ByTable() {
  const { t } = useTranslation()
  const { user } = useSession()
  const navigate = useNavigate()
  if (!user || !ENROLLING.includes(user.role)) return null
  return <Button onClick={() => void navigate('/imports?list=enterprises')}>{t('parties.by_table')}</Button>
}

import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@/lib/format'
import classes from './Pager.module.css'

type Props = { count: number; page: number; pageSize: number; onPage: (page: number) => void }

/** Where in a list one is, and the way to its other pages. */
export function Pager({ count, page, pageSize, onPage }: Props) {
  const { t } = useTranslation()
  const pages = Math.max(1, Math.ceil(count / pageSize))
  return (
    <div className={classes.pager}>
      <span aria-live="polite">{t('common.total_rows', { total: formatCount(count) })}</span>
      {pages > 1 && (
        <nav className={`${classes.nav} no-print`} aria-label={t('common.page_of', { page, pages })}>
          <Button size="small" disabled={page <= 1} onClick={() => onPage(page - 1)}>
            {t('common.previous')}
          </Button>
          <span>{t('common.page_of', { page, pages })}</span>
          <Button size="small" disabled={page >= pages} onClick={() => onPage(page + 1)}>
            {t('common.next')}
          </Button>
        </nav>
      )}
    </div>
  )
}

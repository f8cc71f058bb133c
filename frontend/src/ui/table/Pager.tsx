import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatCount } from '@/lib/format'
import { ExportButtons } from './ExportButtons'
import classes from './Pager.module.css'

type Props = {
  count: number
  page: number
  pageSize: number
  onPage: (page: number) => void
  /** The list's address, where it can be taken away as a file. */
  address?: string
}

/** Where in a list one is, the way to its other pages, and the way out with all of them. */
export function Pager({ count, page, pageSize, onPage, address }: Props) {
  const { t } = useTranslation()
  const pages = Math.max(1, Math.ceil(count / pageSize))
  return (
    <div className={classes.pager}>
      <span className={classes.count}>
        <span aria-live="polite">{t('common.total_rows', { total: formatCount(count) })}</span>
        {address && <ExportButtons address={address} />}
      </span>
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

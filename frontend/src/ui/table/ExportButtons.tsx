import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { download, FORMATS, type Format } from '@/api/files'
import { wordsOf } from '@/api/problem'
import classes from './Pager.module.css'

/** Take the list away as it is filtered and ordered, all of its pages. `address` is the list's own. */
export function ExportButtons({ address }: { address: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const taking = useMutation({
    mutationFn: (format: Format) => download(address, format),
    onError: error => void message.error(wordsOf(error, t('common.states.unreachable')), 8),
  })
  return (
    <span className={`${classes.export} no-print`}>
      {FORMATS.map(format => (
        <Button
          key={format}
          size="small"
          loading={taking.isPending && taking.variables === format}
          disabled={taking.isPending}
          onClick={() => taking.mutate(format)}
        >
          {t(`common.export.${format}`)}
        </Button>
      ))}
    </span>
  )
}

import { useMutation } from '@tanstack/react-query'
import { App, Button, type ButtonProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { save } from '@/api/files'
import { wordsOf } from '@/api/problem'

type Props = Pick<ButtonProps, 'type' | 'children'> & { address: string; fallback: string }

/** Fetches a file; says why when it is refused. */
export function FileButton({ address, fallback, children, type }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const taking = useMutation({
    mutationFn: () => save(address, fallback),
    onError: error => void message.error(wordsOf(error, t('common.states.unreachable')), 8),
  })
  return (
    <Button type={type} loading={taking.isPending} onClick={() => taking.mutate()}>
      {children}
    </Button>
  )
}

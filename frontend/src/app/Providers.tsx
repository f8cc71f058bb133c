import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { App as AntdApp, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { useState } from 'react'
import { RouterProvider } from 'react-router'
import { Problem } from '@/api/problem'
import { useLanguage } from '@/lib/i18n'
import { antdTheme } from '@/ui/theme/antd'
import { ModeContext, useResolvedMode } from '@/ui/theme/mode'
import { createRouter } from './router'

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        // A refusal is an answer; only a lost connection is worth asking again.
        retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.status < 500),
        retryDelay: failures => Math.min(1000 * 2 ** failures, 8000),
      },
      mutations: { retry: false },
    },
  })
}

export function Providers() {
  const [client] = useState(createQueryClient)
  const [router] = useState(createRouter)
  const mode = useResolvedMode()
  const language = useLanguage()
  return (
    <ConfigProvider
      theme={antdTheme(mode)}
      locale={language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
    >
      <ModeContext value={mode}>
        <AntdApp component={false} message={{ duration: 4 }}>
          <QueryClientProvider client={client}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </AntdApp>
      </ModeContext>
    </ConfigProvider>
  )
}

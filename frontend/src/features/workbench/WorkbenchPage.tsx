import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '@/api/reference'
import { RUN_READERS, useUser } from '@/api/session'
import type { Workbench } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { useLanguage } from '@/lib/i18n'
import { Choice } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { QueryView } from '@/ui/state/QueryView'
import { ChannelsPanel } from './ChannelsPanel'
import { CoveragePanel } from './CoveragePanel'
import { CoverageView } from './CoverageView'
import { InterestsPanel } from './InterestsPanel'
import { MoneyPanel } from './MoneyPanel'
import { PairingsPanel } from './PairingsPanel'
import { workbenchQuery } from './queries'
import { RunsPanel } from './RunsPanel'
import { WaitingPanel } from './WaitingPanel'
import classes from './WorkbenchPage.module.css'

const YEARS_BACK = 4

export default function WorkbenchPage() {
  const { t } = useTranslation()
  const language = useLanguage()
  const user = useUser()
  const filters = useFilters()
  const year = Number(filters.get('year')) || undefined
  const query = useQuery(workbenchQuery(year))
  const channel = useQuery(channelsQuery).data?.find(one => one.code === query.data?.channel)
  const scope = user.region?.name ?? t('shell.scope_country')
  const newest = channel?.working_year ?? query.data?.year
  return (
    <Page
      title={t('workbench.title')}
      width="wide"
      lead={
        query.data &&
        channel &&
        t('workbench.lead', {
          channel: language === 'en' ? channel.name_en : channel.name_zh,
          year: query.data.year,
          scope,
        })
      }
      actions={
        newest && (
          <Choice
            label={t('workbench.year')}
            any={null}
            value={String(year ?? newest)}
            options={Array.from({ length: YEARS_BACK + 1 }, (_, back) => String(newest - back)).map(value => ({
              value,
              label: value,
            }))}
            onChange={value => filters.set({ year: value === String(newest) ? '' : value })}
          />
        )
      }
    >
      <QueryView query={query} fill>
        {data => <Desk data={data} year={year} readsRuns={RUN_READERS.includes(user.role)} />}
      </QueryView>
    </Page>
  )
}

function Desk({ data, year, readsRuns }: { data: Workbench; year: number | undefined; readsRuns: boolean }) {
  return (
    <>
      <div className={classes.top}>
        <CoveragePanel data={data} />
        <MoneyPanel data={data} />
      </div>
      <div className={classes.columns}>
        <CoverageView year={year} />
        <div className={classes.side}>
          <WaitingPanel />
          {readsRuns && <RunsPanel />}
          <PairingsPanel data={data} />
          <InterestsPanel />
        </div>
      </div>
      <ChannelsPanel />
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { areaQuery } from '@/api/reference'
import type { AreaProfile } from '@/api/types'
import { Facts } from '@/ui/facts/Facts'
import { TierTag, UnverifiedTag } from '@/ui/facts/marks'
import { Tag } from '@/ui/facts/Tag'
import { Page } from '@/ui/layout/Page'
import { Panel } from '@/ui/layout/Panel'
import { Moments } from '@/ui/relations/Moments'
import { MoneyByStage } from '@/ui/relations/MoneyByStage'
import { QueryView } from '@/ui/state/QueryView'
import classes from './CountyPage.module.css'
import { CountySummary } from './CountySummary'
import { DepthProfile } from './DepthProfile'
import { Flags } from './Flags'
import { HelpRelations } from './HelpRelations'
import { Indicators } from './Indicators'
import { NeedsOfPlace } from './NeedsOfPlace'
import { ProjectsOfPlace } from './ProjectsOfPlace'

export default function CountyPage() {
  const { t } = useTranslation()
  const { code = '' } = useParams()
  const query = useQuery(areaQuery(code))
  const area = query.data
  return (
    <Page
      key={code}
      title={area?.full_name ?? code}
      tab={area?.name ?? code}
      crumbs={[{ to: '/counties', label: t('places.list.title') }]}
      marks={area && <Marks area={area} />}
    >
      <QueryView query={query} fill>
        {found => <Profile area={found} />}
      </QueryView>
    </Page>
  )
}

function Marks({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  return (
    <>
      <TierTag tier={area.tier} />
      {area.is_eastern_helper && <Tag tone="info">{t('places.list.eastern')}</Tag>}
      <UnverifiedTag status={area.status} />
    </>
  )
}

function Profile({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  return (
    <>
      {area.successors.length > 0 && (
        <p className={classes.notice}>
          {t('places.page.successors')}
          {area.successors.map(next => (
            <Link key={next.code} to={`/counties/${next.code}`}>
              {next.full_name}（{next.code}）
            </Link>
          ))}
        </p>
      )}
      <div className={classes.columns}>
        <div className={classes.column}>
          {area.level !== 'COUNTY' && <CountySummary area={area} />}
          {area.tier && <DepthProfile area={area} />}
          {!area.is_eastern_helper && <MoneyByStage subject={{ code: area.code }} none={t('relations.money_none')} />}
          {area.level !== 'COUNTY' && <Moments subject={{ code: area.code }} />}
          {area.indicators.length > 0 && <Indicators area={area} />}
        </div>
        <div className={classes.column}>
          <HelpRelations area={area} />
          {area.tier && <NeedsOfPlace area={area} />}
          {area.tier && <ProjectsOfPlace area={area} />}
          {area.level === 'COUNTY' && !area.is_eastern_helper && <Moments subject={{ code: area.code }} />}
          <Panel title={t('places.page.lists_title')} note={t('places.page.lists_note')}>
            <Basics area={area} />
            <Flags area={area} />
          </Panel>
        </div>
      </div>
    </>
  )
}

function Basics({ area }: { area: AreaProfile }) {
  const { t } = useTranslation()
  const county = area.poor_county
  return (
    <Facts
      columns={2}
      items={[
        [t('places.page.code'), area.code],
        [t('places.page.parent'), area.parent?.full_name ?? t('common.none')],
        ...(county
          ? ([
              [t('places.page.designated'), county.designated_name],
              [t('places.page.exit_year'), t('common.year_of', { year: county.exit_year })],
              [t('places.page.supervised'), t(county.supervised_2020 ? 'common.yes' : 'common.no')],
            ] as [string, string][])
          : []),
      ]}
    />
  )
}

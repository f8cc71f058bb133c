import { useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Asset } from '@/api/types'
import { useFilters } from '@/lib/filters'
import { Wan } from '@/ui/facts/Facts'
import { Tag } from '@/ui/facts/Tag'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { Page } from '@/ui/layout/Page'
import { Empty } from '@/ui/state/States'
import { type Column, DataTable } from '@/ui/table/DataTable'
import { PagedList } from '@/ui/table/PagedList'
import { AssetDialog } from './AssetDialog'
import classes from './Projects.module.css'
import { assetsAddress, assetsQuery, CLASSES, PAGE_SIZE, useCorrect } from './queries'

export default function AssetListPage() {
  const { t } = useTranslation()
  const filters = useFilters()
  const [correcting, setCorrecting] = useState<Asset | null>(null)
  const ordering = filters.chosen('ordering')
  const [asset_class, search] = (['asset_class', 'search'] as const).map(filters.chosen)
  const asked = { asset_class, search, ordering, page: filters.page }
  const query = useQuery(assetsQuery(asked))
  const correct = (asset: Asset) =>
    asset.may_correct && (
      <Button size="small" onClick={() => setCorrecting(asset)}>
        {t('projects.asset.correct')}
      </Button>
    )
  const columns: Column<Asset>[] = [
    { key: 'name', title: t('projects.asset.name'), order: 'name', render: one => <Name asset={one} /> },
    {
      key: 'class',
      title: t('projects.asset.class'),
      render: one => <Tag tone="info">{t(`projects.asset_class.${one.asset_class}`)}</Tag>,
    },
    {
      key: 'value',
      title: t('projects.asset.value'),
      align: 'right',
      order: 'value_yuan',
      render: one => <Wan yuan={one.value_yuan} />,
    },
    { key: 'owner', title: t('projects.asset.owner'), render: one => one.owner },
    { key: 'maintainer', title: t('projects.asset.maintainer'), minor: true, render: one => one.maintainer },
    { key: 'correct', title: <span className="visually-hidden">{t('projects.asset.correct')}</span>, render: correct },
  ]
  return (
    <Page
      title={t('projects.asset.list')}
      lead={t('projects.asset.lead')}
      crumbs={[{ to: '/projects', label: t('projects.title') }]}
    >
      <FilterBar filters={filters}>
        <Choice
          label={t('projects.asset.class')}
          value={filters.get('asset_class')}
          options={CLASSES.map(value => ({ value, label: t(`projects.asset_class.${value}`) }))}
          onChange={value => filters.set({ asset_class: value })}
        />
        <SearchField
          label={t('projects.asset.search')}
          value={filters.get('search')}
          onChange={value => filters.set({ search: value })}
        />
      </FilterBar>
      <PagedList
        query={query}
        filters={filters}
        pageSize={PAGE_SIZE}
        address={assetsAddress(asked)}
        empty={
          filters.active ? (
            <Empty
              title={t('projects.asset.empty_filtered')}
              action={<Button onClick={filters.clear}>{t('common.clear')}</Button>}
            />
          ) : (
            <Empty title={t('projects.asset.empty')} action={<Link to="/projects">{t('projects.title')}</Link>}>
              {t('projects.asset.empty_next')}
            </Empty>
          )
        }
      >
        {list => (
          <DataTable
            caption={t('projects.asset.caption')}
            {...list}
            columns={columns}
            rowKey={one => one.id}
            ordering={ordering}
            card={one => (
              <div className={classes.card}>
                <Name asset={one} />
                <span className={classes.marks}>
                  <Tag tone="info">{t(`projects.asset_class.${one.asset_class}`)}</Tag>
                  <Wan yuan={one.value_yuan} />
                </span>
                <span className={classes.small}>
                  {t('projects.asset.owner')} {one.owner} · {t('projects.asset.maintainer')} {one.maintainer}
                </span>
                {correct(one)}
              </div>
            )}
          />
        )}
      </PagedList>
      {correcting && <Correct asset={correcting} onClose={() => setCorrecting(null)} />}
    </Page>
  )
}

function Name({ asset }: { asset: Asset }) {
  const { t } = useTranslation()
  return (
    <div>
      <Link to={`/projects/${asset.project}`}>{asset.name}</Link>
      <div className={classes.small}>{asset.place}</div>
      {asset.corrects !== null && (
        <div className={classes.small}>{t('projects.asset.corrected', { reason: asset.reason })}</div>
      )}
    </div>
  )
}

function Correct({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const correct = useCorrect(asset.id)
  const { asset_class, name, owner, maintainer } = asset
  return (
    <AssetDialog
      title={t('projects.asset.correct_title')}
      accepted={asset.value_yuan}
      initial={{ asset_class, name, owner, maintainer }}
      correcting
      pending={correct.isPending}
      send={content => correct.mutateAsync(content).then(() => void message.success(t('projects.asset.correct_done')))}
      onClose={onClose}
    />
  )
}

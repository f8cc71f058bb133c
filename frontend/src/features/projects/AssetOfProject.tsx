import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ProjectDetail } from '@/api/types'
import { Facts, Wan } from '@/ui/facts/Facts'
import { Panel } from '@/ui/layout/Panel'

/** The record that holds; those it corrects are told in the project's history. */
export function AssetOfProject({ project }: { project: ProjectDetail }) {
  const { t } = useTranslation()
  const corrected = project.assets.map(asset => asset.corrects)
  const asset = project.assets.find(one => !corrected.includes(one.id))
  if (!asset) return null
  return (
    <Panel title={t('projects.asset.title')} aside={<Link to="/assets">{t('projects.asset.list')}</Link>}>
      <Facts
        columns={2}
        items={[
          [t('projects.asset.name'), asset.name],
          [t('projects.asset.class'), t(`projects.asset_class.${asset.asset_class}`)],
          [t('projects.asset.value'), <Wan key="value" yuan={asset.value_yuan} />],
          [t('projects.asset.place'), project.need.place],
          [t('projects.asset.owner'), asset.owner],
          [t('projects.asset.maintainer'), asset.maintainer],
        ]}
      />
    </Panel>
  )
}

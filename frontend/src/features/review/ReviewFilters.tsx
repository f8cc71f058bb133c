import { useTranslation } from 'react-i18next'
import type { Suggestion } from '@/api/types'
import type { Filters } from '@/lib/filters'
import { Choice, FilterBar, SearchField } from '@/ui/form/FilterBar'
import { ExportButtons } from '@/ui/table/ExportButtons'
import { provincesOf, STANDINGS } from './filtering'
import classes from './Review.module.css'
import type { Review } from './useReview'

const REGRETS = ['NONE', 'SOME', 'INDISPENSABLE'] as const
export const ASSIGNED = ['MINE', 'NOBODY'] as const
const KEYS = ['j', 'k', 'a', 'r', 'p', 'b', 'x'] as const

/** Suggestions given to the reader, or to nobody yet. */
export function Assigned({ filters }: { filters: Filters }) {
  const { t } = useTranslation()
  return (
    <Choice
      label={t('review.assign.label')}
      value={filters.get('assigned')}
      options={ASSIGNED.map(value => ({ value: value as string, label: t(`review.assign.${value}`) }))}
      onChange={assigned => filters.set({ assigned, selected: '' })}
    />
  )
}

type Props = { review: Review; suggestions: Suggestion[]; baseline: number | null }

export function ReviewFilters({ review, suggestions, baseline }: Props) {
  const { t } = useTranslation()
  const { filters, standing } = review
  return (
    <div className={classes.tools}>
      <FilterBar filters={filters}>
        <Choice
          label={t('review.filters.decision')}
          any={null}
          value={standing || 'all'}
          options={[
            ...STANDINGS.map(value => ({ value: value as string, label: t(`review.filters.${value}`) })),
            { value: 'all', label: t('common.all') },
          ]}
          onChange={value => filters.set({ decision: value === 'OPEN' ? '' : value, selected: '' })}
        />
        <Choice
          label={t('review.filters.tier')}
          value={filters.get('tier')}
          options={(['deep', 'poor'] as const).map(value => ({ value, label: t(`common.tier.${value}`) }))}
          onChange={tier => filters.set({ tier, selected: '' })}
        />
        <Choice
          label={t('review.filters.province')}
          value={filters.get('province')}
          options={provincesOf(suggestions).map(value => ({ value, label: value }))}
          onChange={province => filters.set({ province, selected: '' })}
        />
        <Choice
          label={t('review.filters.regret')}
          value={filters.get('regret')}
          options={REGRETS.map(value => ({ value: value as string, label: t(`review.filters.${value}`) }))}
          onChange={regret => filters.set({ regret, selected: '' })}
        />
        {baseline !== null && (
          <Choice
            label={t('review.filters.against', { id: baseline })}
            value={filters.get('changed')}
            options={(['true', 'false'] as const).map(value => ({
              value,
              label: t(`review.filters.changed.${value}`),
            }))}
            onChange={changed => filters.set({ changed, selected: '' })}
          />
        )}
        <Assigned filters={filters} />
        <SearchField
          label={t('review.filters.search')}
          value={filters.get('search')}
          onChange={search => filters.set({ search, selected: '' })}
        />
        <ExportButtons address={review.address} />
      </FilterBar>
      <p className={classes.keys}>
        {t('review.keys')}
        {KEYS.map(key => (
          <span key={key}>
            <kbd>{key}</kbd> {t(`review.keys_list.${key}`)}
          </span>
        ))}
      </p>
    </div>
  )
}

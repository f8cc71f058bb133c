import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { FIRMS_VILLAGES } from '@/api/reference'
import { runQuery } from '@/api/runs'
import type { Suggestion } from '@/api/types'
import { Page } from '@/ui/layout/Page'
import { QueryView } from '@/ui/state/QueryView'
import { Empty, MissingMessage } from '@/ui/state/States'
import { FirmReview } from './FirmReview'
import { tally } from './filtering'
import { suggestionsQuery } from './queries'
import { ReviewDesk } from './ReviewDesk'

/** Of counties, everything at once; of firms and villages, page by page. */
export default function ReviewPage() {
  const id = Number(useParams().id)
  const run = useQuery({ ...runQuery(id), enabled: Number.isInteger(id) }).data
  return run?.channel === FIRMS_VILLAGES ? <FirmReview run={id} /> : <CountyReview id={id} />
}

function CountyReview({ id }: { id: number }) {
  const { t } = useTranslation()
  const query = useQuery({ ...suggestionsQuery(id), enabled: Number.isInteger(id) })
  return (
    <Page
      title={t('review.title')}
      lead={query.data && query.data.length > 0 ? <Tally suggestions={query.data} /> : t('review.lead')}
      width="wide"
      crumbs={[
        { to: '/runs', label: t('runs.title') },
        { to: `/runs/${id}`, label: t('review.crumb', { id }) },
      ]}
    >
      {Number.isInteger(id) ? (
        <QueryView
          query={query}
          fill
          isEmpty={rows => rows.length === 0}
          empty={<Empty title={t('review.not_ready')} action={<Link to={`/runs/${id}`}>{t('review.to_run')}</Link>} />}
        >
          {rows => <ReviewDesk run={id} suggestions={rows} />}
        </QueryView>
      ) : (
        <MissingMessage fill />
      )}
    </Page>
  )
}

function Tally({ suggestions }: { suggestions: readonly Suggestion[] }) {
  const { t } = useTranslation()
  const counts = tally(suggestions)
  return (
    <>
      {t(counts.AWAITS_SECOND > 0 ? 'review.counts_second' : 'review.counts', {
        open: counts.OPEN,
        second: counts.AWAITS_SECOND,
        accepted: counts.ACCEPTED,
        published: counts.PUBLISHED,
        refused: counts.REFUSED,
      })}
    </>
  )
}

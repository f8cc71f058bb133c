import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Filters } from '@/lib/filters'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Pager } from './Pager'

/** What the table is given: its rows, what happens when another order is asked for, and its foot. */
export type Listed<Row> = { rows: readonly Row[]; onOrder: (ordering: string) => void; footer: ReactNode }

type Props<Row> = {
  query: UseQueryResult<{ count: number; results: Row[] }, Error>
  filters: Filters
  pageSize: number
  /** The list's address, where it can be taken away as a file. */
  address?: string
  /** What is said when there is nothing, with the next step. */
  empty: ReactNode
  children: (listed: Listed<Row>) => ReactNode
}

/** A list of the API in its panel: waiting, failed, empty or rows, with the way to other pages and out as a file. */
export function PagedList<Row>({ query, filters, pageSize, address, empty, children }: Props<Row>) {
  return (
    <Panel flush>
      <QueryView query={query} isEmpty={data => data.count === 0} empty={empty}>
        {data =>
          children({
            rows: data.results,
            onOrder: ordering => filters.set({ ordering }),
            footer: (
              <Pager
                count={data.count}
                page={filters.page}
                pageSize={pageSize}
                onPage={page => filters.set({ page })}
                address={address}
              />
            ),
          })
        }
      </QueryView>
    </Panel>
  )
}

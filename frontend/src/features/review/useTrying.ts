import { useQuery } from '@tanstack/react-query'
import { App } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '@/api/session'
import type { Matched, Scenario, Suggestion } from '@/api/types'
import { useReason } from '@/ui/state/States'
import type { Trying as Offered } from './Detail'
import { codesOf } from './filtering'
import { type PairCodes, scenarioQuery, standingChange, type Trying, useTry } from './whatIf'

/** What is tried on the run, as the list and the map show it: pairs that would go, and pairs that would come. */
export type Tried = { removed: ReadonlySet<string>; pinned: ReadonlySet<string>; added: readonly Matched[] }

export const keyOf = (pair: PairCodes): string => `${pair.helper}-${pair.recipient}`

const keyOfMatched = (one: Matched): string => keyOf({ helper: one.helper.code, recipient: one.recipient.code })

export type Trials = {
  /** Whether this reader may try at all. */
  may: boolean
  scenario: Scenario | undefined
  tried: Tried | null
  pending: boolean
  send: (change: Trying) => void
  /** Pin or ban; once more takes it back. */
  toggle: (pair: PairCodes, verb: 'PIN' | 'BAN') => void
  /** What stands of one suggestion, and how to change it; null where the reader may not. */
  with: (suggestion: Suggestion) => Offered | null
}

export function useTrying(run: number): Trials {
  const may = useUser().role === 'COORDINATOR'
  const { t } = useTranslation()
  const reason = useReason()
  const { message } = App.useApp()
  const { data: scenario } = useQuery({ ...scenarioQuery(run), enabled: may })
  const attempt = useTry(run)
  const tried = useMemo(() => (scenario && scenario.changes.length > 0 ? triedIn(scenario) : null), [scenario])
  const send = (change: Trying) => {
    if (!attempt.isPending) attempt.mutate(change, { onError: error => void message.error(reason(error), 6) })
  }
  const toggle = (pair: PairCodes, verb: 'PIN' | 'BAN') =>
    send({ ...pair, verb: standingChange(scenario, pair) === verb ? 'RELEASE' : verb })
  const offered = (suggestion: Suggestion): Offered => ({
    verb: standingChange(scenario, codesOf(suggestion)),
    pending: attempt.isPending,
    why: suggestion.state === 'LOCKED' ? t('review.locked_why') : null,
    toggle: verb => toggle(codesOf(suggestion), verb),
    pin: pair => send({ ...pair, verb: 'PIN' }),
  })
  return {
    may,
    scenario,
    tried,
    pending: attempt.isPending,
    send,
    toggle,
    with: suggestion => (may ? offered(suggestion) : null),
  }
}

function triedIn({ shift, changes }: Scenario): Tried {
  return {
    removed: new Set(shift.removed.map(keyOfMatched)),
    pinned: new Set(changes.filter(one => one.verb === 'PIN').map(keyOfMatched)),
    added: shift.added,
  }
}

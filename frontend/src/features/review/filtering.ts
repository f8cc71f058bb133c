import type { Suggestion } from '@/api/types'
import type { MapArc, RegionKind } from '@/ui/map/ChinaMap'
import { keyOf, type Tried } from './useTrying'
import type { PairCodes } from './whatIf'

export type Standing = 'OPEN' | 'AWAITS_SECOND' | 'ACCEPTED' | 'PUBLISHED' | 'REFUSED' | 'LOCKED'

/** In the order of the work. */
export const STANDINGS: readonly Standing[] = ['OPEN', 'AWAITS_SECOND', 'ACCEPTED', 'PUBLISHED', 'REFUSED', 'LOCKED']
const TAKEN_UP: readonly Standing[] = ['AWAITS_SECOND', 'ACCEPTED', 'PUBLISHED', 'LOCKED']

/** Where a suggestion stands in the review. */
export function standingOf(suggestion: Suggestion): Standing {
  if (suggestion.state === 'LOCKED') return 'LOCKED'
  if (suggestion.is_published) return 'PUBLISHED'
  if (suggestion.awaits_second) return 'AWAITS_SECOND'
  return suggestion.decision?.verdict ?? 'OPEN'
}

export type Chosen = {
  standing: Standing | ''
  tier: string
  province: string
  regret: string
  /** 'true' or 'false': whether the run before did not have the pair. */
  changed: string
  /** Given to the reader, or to nobody. */
  assigned: string
  found: ReadonlySet<number> | null
}

export function matching(suggestions: readonly Suggestion[], chosen: Chosen): Suggestion[] {
  return suggestions.filter(
    one =>
      (chosen.standing === '' || standingOf(one) === chosen.standing) &&
      (chosen.tier === '' || one.tier === chosen.tier) &&
      (chosen.regret === '' || regretKind(one) === chosen.regret) &&
      (chosen.changed === '' || String(one.changed) === chosen.changed) &&
      (chosen.assigned === '' || (chosen.assigned === 'MINE' ? one.assigned_to_me : one.assignee === null)) &&
      (chosen.province === '' || one.recipient.province === chosen.province) &&
      (chosen.found === null || chosen.found.has(one.id)),
  )
}

/** The same choice in the words of the API, for the file of what is shown. */
export function queryOf(suggestions: readonly Suggestion[], chosen: Omit<Chosen, 'found'>, search: string) {
  const { standing, tier, province, regret, changed, assigned } = chosen
  const code = suggestions.find(one => one.recipient.province === province)?.recipient.code
  return {
    state: standing === 'LOCKED' ? 'LOCKED' : undefined,
    decision: standing && standing !== 'LOCKED' ? standing : undefined,
    tier: tier || undefined,
    regret: regret || undefined,
    changed: changed || undefined,
    assigned: assigned || undefined,
    province: province && code ? `${code.slice(0, 2)}0000` : undefined,
    search: search || undefined,
  }
}

/** Whether refusing it costs nothing, something, or cannot be; empty where nobody asked, as for pairs in force. */
export function regretKind(one: Suggestion): 'NONE' | 'SOME' | 'INDISPENSABLE' | '' {
  if (one.indispensable) return 'INDISPENSABLE'
  if (one.regret === null) return ''
  return one.regret === 0 ? 'NONE' : 'SOME'
}

/** What can be chosen together: open ones to decide on, accepted ones to confirm and to publish. */
export const canBeMarked = (one: Suggestion): boolean => ['OPEN', 'AWAITS_SECOND', 'ACCEPTED'].includes(standingOf(one))

export function tally(suggestions: readonly Suggestion[]): Record<Standing, number> {
  const counts = Object.fromEntries(STANDINGS.map(one => [one, 0])) as Record<Standing, number>
  for (const one of suggestions) counts[standingOf(one)] += 1
  return counts
}

export function provincesOf(suggestions: readonly Suggestion[]): string[] {
  return [...new Set(suggestions.map(one => one.recipient.province))]
}

export function arcOf(suggestion: Suggestion): MapArc | null {
  const { helper, recipient } = suggestion
  const from = helper.area
  if (!from || from.lon == null || from.lat == null || recipient.lon == null || recipient.lat == null) return null
  return {
    id: String(suggestion.id),
    from: [from.lon, from.lat],
    to: [recipient.lon, recipient.lat],
    confirmed: TAKEN_UP.includes(standingOf(suggestion)),
  }
}

/** Both sides of a suggestion, as one asks about them: a government by its place, a firm by its number. */
export function codesOf({ helper, recipient }: Suggestion): PairCodes {
  const code = helper.kind === 'GOVERNMENT' ? (helper.area?.code ?? '') : `party-${helper.id}`
  return { helper: code, recipient: recipient.code }
}

/** The arcs of what is shown, without those that would go under what is tried, and with those that would come. */
export function arcsUnder(shown: readonly Suggestion[], tried: Tried | null): MapArc[] {
  const staying = shown.filter(one => !tried?.removed.has(keyOf(codesOf(one)))).map(arcOf)
  const coming = (tried?.added ?? []).map(({ helper, recipient }): MapArc | null =>
    helper.lon === null || helper.lat === null || recipient.lon === null || recipient.lat === null
      ? null
      : {
          id: `${helper.code}-${recipient.code}`,
          from: [helper.lon, helper.lat],
          to: [recipient.lon, recipient.lat],
          confirmed: false,
          tried: true,
        },
  )
  return [...staying, ...coming].filter(arc => arc !== null)
}

/** Recipients coloured by tier, and by whether a pair of theirs is accepted or in force. */
export function regionsOf(suggestions: readonly Suggestion[]): Map<string, RegionKind> {
  const regions = new Map<string, RegionKind>()
  for (const one of suggestions) {
    const tier = one.tier === 'deep' ? 'deep' : 'poor'
    const covered = TAKEN_UP.includes(standingOf(one))
    if (covered || !regions.has(one.recipient.code)) {
      regions.set(one.recipient.code, `${tier}_${covered ? 'covered' : 'open'}`)
    }
  }
  return regions
}

/** The neighbour in a list; at the ends one stays where one is. */
export function stepFrom(list: readonly Suggestion[], id: number | null, by: 1 | -1): Suggestion | undefined {
  const at = list.findIndex(one => one.id === id)
  if (at < 0) return list[0]
  return list[Math.min(list.length - 1, Math.max(0, at + by))]
}

import type { Suggestion } from '@/api/types'

/** A suggestion for tests; names are placeholders. */
export function suggestion(id: number, change: Partial<Suggestion> = {}): Suggestion {
  return {
    id,
    run: 1,
    rank: id,
    helper: {
      id: 100 + id,
      name: `甲${id}区人民政府`,
      kind: 'GOVERNMENT',
      area: {
        code: `1201${id}`,
        name: `甲${id}区`,
        full_name: `天津市甲${id}区`,
        lon: 117,
        lat: 39,
        province: '天津市',
      },
    },
    recipient: {
      code: `6201${id}`,
      name: `乙${id}县`,
      full_name: `甘肃省乙${id}县`,
      lon: 104,
      lat: 35,
      province: '甘肃省',
    },
    tier: 'deep',
    score: 7000,
    regret: null,
    indispensable: false,
    pinned: false,
    changed: null,
    state: 'FREE',
    reasons: [],
    decision: null,
    decided_by_me: false,
    history: [],
    awaits_second: false,
    assignee: null,
    assigned_to_me: false,
    notes: [],
    is_published: false,
    pairing: null,
    ...change,
  } as Suggestion
}

export const decided = (verdict: 'ACCEPTED' | 'REFUSED'): Suggestion['decision'] =>
  ({
    verdict,
    verdict_label: '',
    reason: '',
    by: '【演示】协调员',
    at: '2020-01-01T00:00:00Z',
  }) as Suggestion['decision']

import type { components } from './schema'

type Body = components['schemas']['Problem']
export type FieldProblem = components['schemas']['FieldProblem']

/** A refusal as the API words it (RFC 9457). */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number
  readonly title: string
  readonly errors: FieldProblem[]

  constructor(body: Pick<Body, 'status' | 'title' | 'detail'> & { errors?: FieldProblem[] }) {
    super(body.detail || body.title)
    this.status = body.status
    this.title = body.title
    this.errors = body.errors ?? []
  }

  /** Problems of fields that a form shows, by field. */
  byField(): Map<string, string> {
    const found = new Map<string, string>()
    for (const { field, message } of this.errors) if (field) found.set(field, message)
    return found
  }
}

/** The request never reached the server, or its answer never reached us. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

export function isProblem(error: unknown, ...statuses: number[]): error is Problem {
  return error instanceof Problem && (statuses.length === 0 || statuses.includes(error.status))
}

/** What to say of any error in one sentence; the API's own words where it gave some. */
export function wordsOf(error: unknown, fallback: string): string {
  return error instanceof Problem ? error.message : fallback
}

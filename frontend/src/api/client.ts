import createClient, { type Middleware } from 'openapi-fetch'
import { Problem, Unreachable } from './problem'
import type { paths } from './schema'

let csrfToken = ''

/** Every answer of the session endpoint brings the token that the next write must carry. */
export function rememberCsrf(token: string): void {
  csrfToken = token
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

const writesCarryTheToken: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method)) request.headers.set('X-CSRFToken', csrfToken)
    return request
  },
}

const refusalsAreThrown: Middleware = {
  async onResponse({ response }) {
    if (!response.ok && response.status !== 304) throw await problemOf(response)
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return error
    return new Unreachable(error instanceof Error ? error.message : String(error))
  },
}

export async function problemOf(response: Response): Promise<Problem> {
  const title = `${response.status} ${response.statusText}`.trim()
  try {
    const body = (await response.json()) as Partial<Problem> & { detail?: string }
    return new Problem({
      status: response.status,
      title: body.title ?? title,
      detail: body.detail ?? '',
      errors: body.errors ?? [],
    })
  } catch {
    return new Problem({ status: response.status, title, detail: '' }) // a proxy answered, not the platform
  }
}

export const api = createClient<paths>({ baseUrl: '' })
api.use(writesCarryTheToken, refusalsAreThrown)

/** The body of an answer that succeeded; refusals were thrown before. */
export function body<T>(answer: { data?: T }): T {
  if (answer.data === undefined) throw new Unreachable('empty answer')
  return answer.data
}

export const ifMatch = (version: number | undefined): { 'If-Match': string } => ({ 'If-Match': `"${version ?? 1}"` })

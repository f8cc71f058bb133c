import { problemOf } from './client'
import { Unreachable } from './problem'

export const FORMATS = ['xlsx', 'csv'] as const
export type Format = (typeof FORMATS)[number]

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** Where a list is to be had: the address of the list on the screen without its pages. */
export function addressOf(path: string, { page: _page, page_size: _size, ...query }: Query): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) params.append(name, String(one))
  }
  return `${path}?${params.toString()}`
}

/** Fetch a list as a file and hand it to the browser. */
export function download(address: string, format: Format): Promise<void> {
  return save(`${address}${address.endsWith('?') ? '' : '&'}export=${format}`, `export.${format}`)
}

/** Fetch a file and hand it to the browser. A plain link could not say why it was refused. */
export async function save(address: string, fallback: string): Promise<void> {
  const response = await fetch(address).catch((error: unknown) => {
    throw new Unreachable(error instanceof Error ? error.message : String(error))
  })
  if (!response.ok) throw await problemOf(response)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = nameIn(response.headers.get('Content-Disposition')) ?? fallback
  link.click()
  URL.revokeObjectURL(link.href)
}

export function nameIn(disposition: string | null): string | undefined {
  const found = /filename\*=UTF-8''([^;]+)/.exec(disposition ?? '')?.[1]
  return found && decodeURIComponent(found)
}

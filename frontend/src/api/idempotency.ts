import { useRef } from 'react'

/** Random and unguessable also where `crypto.randomUUID` is absent (plain http on a local network). */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * Keys for money writes: the same content sent again keeps its key, so that a retry after a lost answer has no second
 * effect; changed content gets a new one, since a key never means two things.
 */
export class IdempotencyKeys {
  private readonly keys = new Map<string, string>()

  for(content: unknown): string {
    const text = JSON.stringify(content)
    const known = this.keys.get(text)
    if (known) return known
    const made = randomKey()
    this.keys.set(text, made)
    return made
  }
}

/** One set of keys for as long as a form is open. */
export function useIdempotencyKeys(): IdempotencyKeys {
  const keys = useRef<IdempotencyKeys>(null)
  keys.current ??= new IdempotencyKeys()
  return keys.current
}

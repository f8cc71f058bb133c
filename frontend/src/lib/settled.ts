import { useEffect, useState } from 'react'

const PAUSE_MS = 300

/** The value once it has not changed for a moment: what is worth asking the server about. */
export function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), PAUSE_MS)
    return () => window.clearTimeout(timer)
  }, [value])
  return settled
}

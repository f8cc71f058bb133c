import type { FormInstance } from 'antd'
import { Problem } from '@/api/problem'

/**
 * Put the API's refusals beside their fields (`amount_yuan` beside the field called `amount`, if `names` says so).
 * Returns what belongs to no field of the form, for the line above its button; null when every word found its place.
 */
export function showProblems(
  form: Pick<FormInstance, 'setFields' | 'getFieldsValue'>,
  error: unknown,
  names: Readonly<Record<string, string>> = {},
): Problem | Error | null {
  if (!(error instanceof Problem)) return error instanceof Error ? error : new Error(String(error))
  const known = new Set(Object.keys(form.getFieldsValue(true)))
  const placed = error.errors
    .map(({ field, message }) => ({ name: names[field] ?? field, errors: [message] }))
    .filter(({ name }) => known.has(name))
  form.setFields(placed)
  return placed.length > 0 && placed.length === error.errors.length ? null : error
}

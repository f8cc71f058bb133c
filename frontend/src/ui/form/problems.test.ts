import { describe, expect, it, vi } from 'vitest'
import { Problem } from '@/api/problem'
import { showProblems } from './problems'

function formWith(...fields: string[]) {
  return { setFields: vi.fn(), getFieldsValue: () => Object.fromEntries(fields.map(field => [field, ''])) }
}

const problem = (...errors: [string, string][]): Problem =>
  new Problem({
    status: 400,
    title: '提交的内容有误',
    detail: errors.map(([, message]) => message).join('；'),
    errors: errors.map(([field, message]) => ({ field, code: 'invalid', message })),
  })

describe('refusals in a form', () => {
  it('stand beside their fields, under the form’s own names', () => {
    const form = formWith('amount', 'title')
    const rest = showProblems(form, problem(['amount_yuan', '金额应大于 0'], ['title', '请填写']), {
      amount_yuan: 'amount',
    })
    expect(form.setFields).toHaveBeenCalledWith([
      { name: 'amount', errors: ['金额应大于 0'] },
      { name: 'title', errors: ['请填写'] },
    ])
    expect(rest).toBeNull()
  })
  it('are told above the button when they are about no field of the form', () => {
    const refused = problem(['', '这项承诺已撤回'])
    expect(showProblems(formWith('title'), refused)).toBe(refused)
  })
  it('pass other errors on', () => {
    const lost = new Error('lost')
    expect(showProblems(formWith(), lost)).toBe(lost)
  })
})

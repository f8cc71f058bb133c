import { describe, expect, it } from 'vitest'
import { en } from './en'
import { zh } from './zh'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  )
}

const holes = (text: string): string[] => [...text.matchAll(/{{(\w+)}}/g)].map(match => match[1] ?? '').sort()

describe('the English words', () => {
  const chinese = new Map(flat(zh))
  const english = new Map(flat(en))

  it('cover every Chinese one', () => {
    expect([...chinese.keys()].filter(key => !english.has(key))).toEqual([])
  })
  it('have no key of their own but singulars', () => {
    expect([...english.keys()].filter(key => !chinese.has(key.replace(/_one$/, '')))).toEqual([])
  })
  it('fill the same holes', () => {
    for (const [key, words] of english) {
      expect([key, holes(words)]).toEqual([key, holes(chinese.get(key.replace(/_one$/, '')) ?? '')])
    }
  })
})

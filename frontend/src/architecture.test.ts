import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = join(process.cwd(), 'src')
/** Lowest first: a folder may import from itself and from what stands before it. */
const LAYERS = ['lib', 'api', 'ui', 'features', 'app']

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(path => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && !path.includes('.test.'))
  .map(path => path.replaceAll('\\', '/'))

function importsOf(path: string): string[] {
  const text = readFileSync(join(SRC, path), 'utf8')
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(match => match[1] ?? '')
  return found.flatMap(target => {
    if (target.startsWith('@/')) return [target.slice(2)]
    if (target.startsWith('.')) return [relative(SRC, join(SRC, path, '..', target)).replaceAll('\\', '/')]
    return []
  })
}

const layerOf = (path: string): number => LAYERS.indexOf(path.split('/')[0] ?? '')
const featureOf = (path: string): string | undefined => /^features\/([^/]+)/.exec(path)?.[1]

describe('the order of the house', () => {
  it('is looked at as a whole', () => {
    expect(files.length).toBeGreaterThan(80)
  })
  it('lets imports point downwards only', () => {
    const upward = files.flatMap(path =>
      importsOf(path)
        .filter(target => layerOf(path) >= 0 && layerOf(target) > layerOf(path))
        .map(target => `${path} → ${target}`),
    )
    expect(upward).toEqual([])
  })
  it('keeps features apart', () => {
    const across = files.flatMap(path =>
      importsOf(path)
        .filter(target => featureOf(path) && featureOf(target) && featureOf(path) !== featureOf(target))
        .map(target => `${path} → ${target}`),
    )
    expect(across).toEqual([])
  })
  it('lets nothing but tests use the test helpers', () => {
    expect(
      files.filter(path => !path.startsWith('testing/') && importsOf(path).some(one => one.startsWith('testing/'))),
    ).toEqual([])
  })
  it('keeps files readable: at most 400 lines', () => {
    const long = files.filter(path => readFileSync(join(SRC, path), 'utf8').split('\n').length > 400)
    expect(long).toEqual([])
  })
})

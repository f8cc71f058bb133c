import { act, cleanup, render, screen } from '@testing-library/react'
import { createMemoryRouter, RouterProvider } from 'react-router'
import { afterEach, describe, expect, it } from 'vitest'
import { type Filters, useFilters } from './filters'

afterEach(cleanup)

function setUp() {
  let filters: Filters | undefined
  let arrive = () => {}
  const arrived = new Promise<void>(resolve => {
    arrive = resolve
  })
  const router = createMemoryRouter([
    {
      path: '/',
      Component: () => {
        filters = useFilters()
        return <h1>list</h1>
      },
    },
    {
      path: '/one',
      lazy: async () => {
        await arrived
        return { Component: () => <h1>one</h1> }
      },
    },
  ])
  render(<RouterProvider router={router} />)
  return { router, arrive, set: (changes: Record<string, string>) => filters?.set(changes) }
}

describe('useFilters', () => {
  it('keeps what is asked in the address', async () => {
    const { router, set } = setUp()
    await act(async () => set({ search: 'dage' }))
    expect(router.state.location.search).toBe('?search=dage')
  })

  it('lets a reader go who followed a link before the words typed were asked', async () => {
    const { router, arrive, set } = setUp()
    await act(async () => {
      void router.navigate('/one')
    })
    await act(async () => set({ search: 'dage' }))
    await act(async () => arrive())
    expect(await screen.findByText('one')).toBeInTheDocument()
    expect(router.state.location.pathname).toBe('/one')
  })
})

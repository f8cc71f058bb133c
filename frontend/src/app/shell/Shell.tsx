import { useQuery } from '@tanstack/react-query'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Outlet, ScrollRestoration, useNavigation } from 'react-router'
import { inboxQuery } from '@/api/reference'
import { useSession } from '@/api/session'
import { useOnline } from '@/lib/media'
import { Waiting } from '@/ui/state/States'
import { AccountMenu } from './AccountMenu'
import { BottomBar, TopNav } from './Nav'
import { navigationOf } from './navigation'
import { Search } from './Search'
import classes from './Shell.module.css'

export function Shell() {
  return (
    <Suspense fallback={<Waiting lines={6} />}>
      <Frame />
    </Suspense>
  )
}

function Frame() {
  const { t } = useTranslation()
  const { user, demo_accounts } = useSession()
  const online = useOnline()
  const moving = useNavigation().state !== 'idle'
  const inbox = useQuery({ ...inboxQuery, enabled: user !== null })
  const items = navigationOf(user?.role)
  const waiting = inbox.data?.length ?? 0
  return (
    <div className={classes.frame}>
      <a href="#main" className={classes.skip}>
        {t('shell.skip')}
      </a>
      <header className={`${classes.header} no-print`}>
        <Link to="/" className={classes.brand} aria-label={t('common.app.name')}>
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <span>{t('common.app.name')}</span>
        </Link>
        <TopNav items={items} waiting={waiting} />
        <Search />
        <AccountMenu user={user} />
      </header>
      {moving && <div className={classes.moving} role="progressbar" aria-label={t('common.waiting')} />}
      {!online && (
        <p className={classes.offline} role="status">
          {t('shell.offline')}
        </p>
      )}
      <main id="main" tabIndex={-1} className={classes.main}>
        <Suspense fallback={<Waiting lines={6} />}>
          <Outlet />
        </Suspense>
      </main>
      {demo_accounts.length > 0 && <footer className={`${classes.footer} no-print`}>{t('shell.demo_notice')}</footer>}
      <BottomBar items={items} waiting={waiting} />
      <ScrollRestoration />
    </div>
  )
}

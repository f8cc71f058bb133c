import { Fragment, type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import classes from './Page.module.css'

type Crumb = { to: string; label: string }

type Props = {
  title: string
  /** What the browser's tab says, when it should differ from the heading. */
  tab?: string
  lead?: ReactNode
  crumbs?: Crumb[]
  /** Marks beside the heading: status, tier. */
  marks?: ReactNode
  actions?: ReactNode
  /** `wide` uses the whole window: reviews and maps. */
  width?: 'normal' | 'wide' | 'narrow'
  children: ReactNode
}

/** The frame of every page: its way up, its heading (which takes the focus on arrival), its actions, its body. */
export function Page({ title, tab, lead, crumbs = [], marks, actions, width = 'normal', children }: Props) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  const name = t('common.app.name')
  useEffect(() => {
    document.title = `${tab ?? title} · ${name}`
  }, [tab, title, name])
  useEffect(() => {
    // Reading starts at the heading after each navigation; scrolling is the router's business.
    heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div className={`${classes.page} ${classes[width]}`}>
      <header className={classes.head}>
        <div className={classes.titles}>
          {crumbs.length > 0 && (
            <nav aria-label={t('common.back')} className={`${classes.crumbs} no-print`}>
              {crumbs.map(crumb => (
                <Fragment key={crumb.to}>
                  <Link to={crumb.to}>{crumb.label}</Link>
                  <span aria-hidden="true">/</span>
                </Fragment>
              ))}
            </nav>
          )}
          <div className={classes.line}>
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {marks}
          </div>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions && <div className={`${classes.actions} no-print`}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

import {
  ApartmentOutlined,
  BankOutlined,
  BuildOutlined,
  CompassOutlined,
  DashboardOutlined,
  FileTextOutlined,
  FlagOutlined,
  HeartOutlined,
  HomeOutlined,
  InboxOutlined,
  LinkOutlined,
  MenuOutlined,
  SafetyCertificateOutlined,
  ShopOutlined,
  SlidersOutlined,
  TeamOutlined,
} from '@ant-design/icons'
import { type ComponentType, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import { Menu } from './Menu'
import classes from './Nav.module.css'
import type { NavKey } from './navigation'

type Item = { key: NavKey; path: string }
type Props = { items: Item[]; waiting: number }

const ICONS: Record<NavKey, ComponentType> = {
  workbench: DashboardOutlined,
  inbox: InboxOutlined,
  programmes: SlidersOutlined,
  runs: ApartmentOutlined,
  pairings: LinkOutlined,
  agreements: FileTextOutlined,
  commitments: BankOutlined,
  projects: BuildOutlined,
  counties: CompassOutlined,
  needs: FlagOutlined,
  parties: TeamOutlined,
  organisation: ShopOutlined,
  registrations: SafetyCertificateOutlined,
  villages: HomeOutlined,
  interests: HeartOutlined,
}

function Count({ of }: { of: number }) {
  const { t } = useTranslation()
  if (of === 0) return null
  return (
    <span className={classes.count}>
      <span aria-hidden="true">{of > 99 ? '99+' : of}</span>
      <span className="visually-hidden">{t('shell.waiting_count', { count: of })}</span>
    </span>
  )
}

/** The places behind “more”. */
function More({ items, onFollow }: { items: Item[]; onFollow: () => void }) {
  const { t } = useTranslation()
  return items.map(item => (
    <NavLink key={item.key} to={item.path} className={classes.moreLink} onClick={onFollow}>
      {t(`shell.nav.${item.key}`)}
    </NavLink>
  ))
}

/** As many places as fit in a line, the rest behind “more”: words of another language are longer. */
export function TopNav({ items, waiting }: Props) {
  const { t } = useTranslation()
  const { frame, list, fits, end } = useFitting()
  const rest = items.slice(fits)
  return (
    <nav ref={frame} className={classes.top} aria-label={t('shell.main_nav')}>
      <ul ref={list}>
        {items.map((item, at) => (
          <li key={item.key} className={at < fits ? undefined : classes.out}>
            <NavLink to={item.path} className={classes.topLink}>
              {t(`shell.nav.${item.key}`)}
              {item.key === 'inbox' && <Count of={waiting} />}
            </NavLink>
          </li>
        ))}
      </ul>
      {rest.length > 0 && (
        <div className={classes.rest} style={{ left: end }}>
          <Menu className={classes.topLink} label={t('shell.nav.more')} face={t('shell.nav.more')}>
            {close => <More items={rest} onFollow={close} />}
          </Menu>
        </div>
      )}
    </nav>
  )
}

const MORE_PX = 60

/** How many entries of the list fit into the frame, and where they end. All are laid out, those left over unseen. */
function useFitting() {
  const frame = useRef<HTMLElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const [fitting, setFitting] = useState({ fits: Number.POSITIVE_INFINITY, end: 0 })
  useEffect(() => {
    const measure = () => {
      if (!frame.current || !list.current) return
      const room = frame.current.clientWidth
      const ends = Array.from(list.current.children, one => (one as HTMLElement).offsetLeft + one.clientWidth)
      const all = (ends.at(-1) ?? 0) <= room + 1
      const fits = all ? ends.length : ends.filter(end => end <= room - MORE_PX).length
      const end = ends[fits - 1] ?? 0
      setFitting(known => (known.fits === fits && known.end === end ? known : { fits, end }))
    }
    const watch = new ResizeObserver(measure)
    if (frame.current) watch.observe(frame.current)
    for (const one of list.current?.children ?? []) watch.observe(one)
    return () => watch.disconnect()
  })
  return { frame, list, ...fitting }
}

const ON_A_PHONE = 5

/** The thumb's navigation: five places, or four and the rest behind “more”. */
export function BottomBar({ items, waiting }: Props) {
  const { t } = useTranslation()
  const fits = items.length <= ON_A_PHONE ? ON_A_PHONE : ON_A_PHONE - 1
  const first = items.slice(0, fits)
  const rest = items.slice(fits)
  return (
    <nav className={`${classes.bottom} no-print`} aria-label={t('shell.main_nav')}>
      <ul>
        {first.map(item => (
          <li key={item.key}>
            <BottomLink item={item} waiting={waiting} />
          </li>
        ))}
        {rest.length > 0 && (
          <li>
            <Menu
              side="up"
              className={classes.bottomLink}
              label={t('shell.nav.more')}
              face={
                <>
                  <MenuOutlined aria-hidden="true" />
                  <span>{t('shell.nav.more')}</span>
                </>
              }
            >
              {close => <More items={rest} onFollow={close} />}
            </Menu>
          </li>
        )}
      </ul>
    </nav>
  )
}

function BottomLink({ item, waiting }: { item: Item; waiting: number }) {
  const { t } = useTranslation()
  const Icon = ICONS[item.key]
  return (
    <NavLink to={item.path} className={classes.bottomLink}>
      <Icon aria-hidden="true" />
      <span>
        {t(`shell.nav.${item.key}`)}
        {item.key === 'inbox' && <Count of={waiting} />}
      </span>
    </NavLink>
  )
}

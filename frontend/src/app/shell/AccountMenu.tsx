import { GlobalOutlined, UserOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useLogOut } from '@/api/session'
import type { User } from '@/api/types'
import { type Appearance, setPreferences, usePreferences } from '@/lib/preferences'
import { Segments } from '@/ui/form/Segments'
import classes from './AccountMenu.module.css'
import { Menu } from './Menu'

/** Language in one tap, and behind the name: scope, appearance, the way out. */
export function AccountMenu({ user }: { user: User | null }) {
  const { t } = useTranslation()
  const { language } = usePreferences()
  const other = language === 'en' ? 'zh-Hans' : 'en'
  return (
    <div className={classes.account}>
      <button type="button" className={classes.plain} lang={other} onClick={() => setPreferences({ language: other })}>
        <GlobalOutlined aria-hidden="true" />
        {t(other === 'en' ? 'shell.language.switch_to_en' : 'shell.language.switch_to_zh')}
      </button>
      {!user && (
        <>
          <Link to="/join" className={classes.plain}>
            {t('shell.join')}
          </Link>
          <Link to="/login" className={classes.logIn}>
            {t('shell.log_in')}
          </Link>
        </>
      )}
      <Menu
        className={classes.who}
        label={user ? `${t('shell.account')}：${user.display_name}` : t('shell.appearance.label')}
        face={
          <>
            <UserOutlined aria-hidden="true" />
            {user && <span className={classes.name}>{user.display_name}</span>}
          </>
        }
      >
        {close => (
          <div className={classes.sheet}>
            {user && <Who user={user} />}
            <AppearanceChoice />
            {user && <LogOut close={close} />}
          </div>
        )}
      </Menu>
    </div>
  )
}

function Who({ user }: { user: User }) {
  const { t } = useTranslation()
  const scope = user.party?.name ?? user.region?.name ?? t('shell.scope_country')
  return (
    <div className={classes.card}>
      <strong>{user.display_name}</strong>
      <span>{t(`shell.roles.${user.role}`)}</span>
      <span>{String(scope)}</span>
    </div>
  )
}

function AppearanceChoice() {
  const { t } = useTranslation()
  const { appearance } = usePreferences()
  const options = (['system', 'light', 'dark'] as const).map(value => ({
    value,
    label: t(`shell.appearance.${value}`),
  }))
  return (
    <div className={classes.row}>
      <span>{t('shell.appearance.label')}</span>
      <Segments<Appearance>
        label={t('shell.appearance.label')}
        value={appearance}
        options={options}
        onChange={value => setPreferences({ appearance: value })}
      />
    </div>
  )
}

function LogOut({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const logOut = useLogOut()
  return (
    <button
      type="button"
      className={classes.out}
      disabled={logOut.isPending}
      onClick={() => {
        close()
        void navigate('/login')
        logOut.mutate()
      }}
    >
      {t('shell.log_out')}
    </button>
  )
}

import { DownloadOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { Run } from '@/api/types'
import { formatTime } from '@/lib/format'
import classes from './RunPage.module.css'

/** That the result is proven, what that means, and how anyone can check it without us. */
export function Certificate({ run }: { run: Run }) {
  const { t } = useTranslation()
  return (
    <section className={classes.certificate} aria-labelledby="certificate">
      <svg className={classes.seal} viewBox="0 0 52 52" aria-hidden="true">
        <circle cx="26" cy="26" r="22" />
        <circle cx="26" cy="26" r="17" strokeWidth="1" />
        <path d="M18 26.5l6 6 11-12" />
      </svg>
      <div>
        <h2 id="certificate">{t('runs.proven')}</h2>
        {run.certificate_verified_at && <p>{t('runs.verified_at', { at: formatTime(run.certificate_verified_at) })}</p>}
      </div>
      <a className={`${classes.download} no-print`} href={`/api/runs/${run.id}/archive`} download>
        <DownloadOutlined aria-hidden="true" />
        {t('runs.download')}
      </a>
      <details>
        <summary>{t('runs.proven_means')}</summary>
        <p>{t('runs.proven_words')}</p>
        <p>
          {t('runs.how_to_verify')}
          <br />
          <code>python -m matching verify problem solution</code>
        </p>
      </details>
    </section>
  )
}

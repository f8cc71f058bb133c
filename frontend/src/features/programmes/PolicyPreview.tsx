import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { CureChange, PolicyContent, Preview } from '@/api/types'
import { formatCount } from '@/lib/format'
import { ConflictWords } from '@/ui/facts/ConflictWords'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import { Message } from '@/ui/state/States'
import classes from './PolicyEditor.module.css'
import { previewQuery } from './queries'

const PAUSE_MS = 500
const FIRM_COUNTS = ['helpers', 'recipients', 'silent'] as const
const COUNTS = ['helpers', 'recipients', 'deep', 'candidates', 'locked', 'unverified', 'banned', 'unreachable'] as const

/** What a run under these settings would look at; asked once the hand rests. */
type Props = { content: PolicyContent | null; onCure: (changes: readonly CureChange[]) => void }

export function PolicyPreview({ content, onCure }: Props) {
  const { t } = useTranslation()
  const text = content ? JSON.stringify(content) : ''
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), PAUSE_MS)
    return () => window.clearTimeout(timer)
  }, [text])
  const query = useQuery(previewQuery(settled ? (JSON.parse(settled) as PolicyContent) : null))
  return (
    <Panel title={t('programmes.policy.preview_title')} note={t('programmes.policy.preview_note')}>
      {content === null && !query.data ? (
        <Message title={t('programmes.policy.invalid')} />
      ) : (
        <QueryView query={query}>
          {preview => (
            <div aria-busy={query.isFetching} className={query.isPlaceholderData ? classes.old : undefined}>
              <Size preview={preview} />
              {preview.conflict && (
                <ConflictWords conflict={preview.conflict}>
                  <Button onClick={() => onCure(preview.conflict?.cure?.changes ?? [])}>
                    {t('programmes.policy.take_cure')}
                  </Button>
                </ConflictWords>
              )}
              <Warnings preview={preview} />
            </div>
          )}
        </QueryView>
      )}
    </Panel>
  )
}

function Size({ preview }: { preview: Preview }) {
  const { t } = useTranslation()
  const named =
    'silent' in preview.counts
      ? FIRM_COUNTS.map(name => [name, t(`runs.firm_figures.${name}`)] as const)
      : COUNTS.map(name => [name, t(`programmes.policy.counts.${name}`)] as const)
  const counts = named.filter(([name]) => preview.counts[name] !== undefined)
  return (
    <dl className={classes.counts}>
      <div>
        <dt>{t('programmes.policy.year')}</dt>
        <dd>{preview.year}</dd>
      </div>
      {counts.map(([name, label]) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd>{formatCount(preview.counts[name] ?? 0)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Warnings({ preview }: { preview: Preview }) {
  const { t } = useTranslation()
  const { conflict, uncovered, unreachable, warnings } = preview
  return (
    <>
      {warnings.length === 0 && !conflict ? (
        <p className={classes.fine}>{t('programmes.policy.no_warnings')}</p>
      ) : warnings.length === 0 ? null : (
        <div className={classes.warnings} role="status">
          <strong>{t('programmes.policy.warnings')}</strong>
          <ul>
            {warnings.map(warning => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
      <Counties title={t('programmes.policy.uncovered_list', { count: uncovered.length })} areas={uncovered} />
      <Counties title={t('programmes.policy.unreachable_list', { count: unreachable.length })} areas={unreachable} />
    </>
  )
}

function Counties({ title, areas }: { title: string; areas: Preview['uncovered'] }) {
  if (areas.length === 0) return null
  return (
    <details className={classes.unreachable}>
      <summary>{title}</summary>
      <ul>
        {areas.map(area => (
          <li key={area.code}>
            <Link to={`/counties/${area.code}`}>{area.name}</Link>
          </li>
        ))}
      </ul>
    </details>
  )
}

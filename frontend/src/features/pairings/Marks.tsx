import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { MarkStanding, Pairing } from '@/api/types'
import { Tag, type Tone } from '@/ui/facts/Tag'
import { Panel } from '@/ui/layout/Panel'
import { QueryView } from '@/ui/state/QueryView'
import classes from './Pairings.module.css'
import { marksQuery } from './queries'

const TONES: Record<MarkStanding['state'], Tone> = { EARNED: 'ok', MISSING: 'warn', UNKNOWN: 'neutral' }

/** 人员、责任、工作、效果到位: what earned each mark, or what is missing. Nobody ticks them. */
export function Marks({ pairing }: { pairing: Pairing }) {
  const { t } = useTranslation()
  const query = useQuery(marksQuery(pairing.id))
  return (
    <Panel title={t('pairings.marks.title')} note={query.data && t('pairings.marks.note', { date: query.data.as_of })}>
      <QueryView query={query}>
        {({ marks }) => (
          <ul className={classes.four}>
            {marks.map(({ mark, state, evidence }) => (
              <li key={mark}>
                <span className={classes.marks}>
                  <strong>{t(`pairings.marks.mark.${mark}`)}</strong>
                  <Tag tone={TONES[state]}>{t(`pairings.marks.state.${state}`)}</Tag>
                </span>
                <span className={classes.small}>
                  {state === 'EARNED' && evidence.map(one => `${one.date} ${one.detail}`).join('；')}
                  {state === 'MISSING' && t(`pairings.marks.missing.${mark}`)}
                  {state === 'UNKNOWN' && t('pairings.marks.unknown')}
                </span>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  )
}

import { Input } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUser } from '@/api/session'
import type { Suggestion } from '@/api/types'
import { formatTime } from '@/lib/format'
import { ActionButton } from '@/ui/form/ActionButton'
import { useReason } from '@/ui/state/States'
import classes from './Notes.module.css'
import { useNote } from './queries'

/** What coordinators wrote beside a suggestion, and room for one more remark. */
export function Notes({ run, suggestion }: { run: number; suggestion: Suggestion }) {
  const { t } = useTranslation()
  const { role } = useUser()
  const reason = useReason()
  const note = useNote(run)
  const id = useId()
  const [text, setText] = useState('')
  const why = role !== 'COORDINATOR' ? t('review.role_why') : text.trim() === '' && t('review.notes.missing')
  return (
    <div className={classes.notes}>
      {suggestion.notes.length === 0 && <p className={classes.none}>{t('review.notes.none')}</p>}
      <ul>
        {suggestion.notes.map(one => (
          <li key={`${one.at}-${one.by}`}>
            <small>
              {one.by}，{formatTime(one.at)}
            </small>
            <p>{one.text}</p>
          </li>
        ))}
      </ul>
      <label htmlFor={id}>{t('review.notes.label')}</label>
      <Input.TextArea
        id={id}
        value={text}
        maxLength={500}
        autoSize={{ minRows: 2, maxRows: 6 }}
        placeholder={t('review.notes.hint')}
        onChange={event => setText(event.target.value)}
      />
      {note.error && <p role="alert">{reason(note.error)}</p>}
      <ActionButton
        why={why}
        loading={note.isPending}
        onClick={() => note.mutate({ id: suggestion.id, text }, { onSuccess: () => setText('') })}
      >
        {t('review.notes.add')}
      </ActionButton>
    </div>
  )
}

import { App, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Problem } from '@/api/problem'
import type { CureChange, Policy } from '@/api/types'
import { ActionButton } from '@/ui/form/ActionButton'
import { Panel } from '@/ui/layout/Panel'
import { useReason } from '@/ui/state/States'
import { CoverageFields } from './CoverageFields'
import { changesBetween, contentOf, type Draft, draftOf, faultsOf, withCure } from './draft'
import { ExceptionList } from './ExceptionList'
import { labelOf } from './fields'
import { OtherFields } from './OtherFields'
import classes from './PolicyEditor.module.css'
import { PolicyPreview } from './PolicyPreview'
import { QuotaFields } from './QuotaFields'
import { usePublishPolicy, useStartRun } from './queries'
import { WeightSliders } from './WeightSliders'

/** The run that is copied, and the version it was made under. */
export type Copied = { run: number; policy: Policy }

type Props = { channel: string; current: Policy | null; editable: boolean; copied?: Copied | null }

/** A policy under the hand: what it was beside what it would be, and what it would mean, before anything is stored. */
export function PolicyEditor({ channel, current, editable, copied = null }: Props) {
  const { t } = useTranslation()
  const before = draftOf(current, channel) // what is in force stands beside, also beside a copy
  const start = draftOf(copied?.policy ?? current, channel)
  const [draft, setDraft] = useState<Draft>(start)
  const change = (part: Partial<Draft>) => setDraft(previous => ({ ...previous, ...part }))
  const cure = (changes: readonly CureChange[]) => change({ exceptions: withCure(draft.exceptions, changes) })
  const faults = faultsOf(draft)
  const changes = changesBetween(before, draft)
  const fields = { channel, draft, before, change, disabled: !editable, faults }
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <Panel
          title={t('programmes.policy.weights_title')}
          note={t('programmes.policy.weights_note')}
          aside={
            changes > 0 && (
              <Button type="link" size="small" onClick={() => setDraft(before)}>
                {t('programmes.policy.restore')}
              </Button>
            )
          }
        >
          <WeightSliders {...fields} />
        </Panel>
        <Panel title={t('programmes.policy.quotas_title')} note={t('programmes.policy.quotas_note')}>
          <QuotaFields {...fields} />
        </Panel>
        {draft.exceptions.length > 0 && (
          <Panel title={t('programmes.policy.exceptions_title')} note={t('programmes.policy.exceptions_note')}>
            <ExceptionList {...fields} />
          </Panel>
        )}
        <Panel title={t('programmes.policy.coverage_title')} note={t(labelOf(channel, 'coverage_note'))}>
          <CoverageFields {...fields} />
        </Panel>
        <Panel title={t('programmes.policy.other_title')}>
          <OtherFields {...fields} />
        </Panel>
      </div>
      <div className={`${classes.column} ${classes.side}`}>
        {editable && <PolicyPreview content={faults.length === 0 ? contentOf(channel, draft) : null} onCure={cure} />}
        {editable && (
          <Publish
            channel={channel}
            current={current}
            copied={copied}
            draft={draft}
            changes={changes}
            same={changesBetween(start, draft) === 0}
            faulty={faults.length > 0}
          />
        )}
      </div>
    </div>
  )
}

type PublishProps = {
  channel: string
  current: Policy | null
  copied: Copied | null
  draft: Draft
  /** How many settings differ from those in force. */
  changes: number
  /** Whether nothing differs from what the draft began with. */
  same: boolean
  faulty: boolean
}
type Words = { name: string; note: string }

function Publish({ channel, current, copied, draft, changes, same, faulty }: PublishProps) {
  const { t } = useTranslation()
  const reason = useReason()
  const navigate = useNavigate()
  const { message } = App.useApp()
  const [form] = Form.useForm<Words>()
  const publish = usePublishPolicy()
  const start = useStartRun()
  const next = (current?.version ?? 0) + 1
  // A copy is worth a version of its own for its name alone; without one it runs under the version it was made under.
  const base = copied?.policy ?? current
  const nothingNew = base !== null && same
  const error = publish.error ?? start.error
  const busy = publish.isPending || start.isPending

  const run = async (policy: number) => {
    const made = await start.mutateAsync({ policy, copy_of: copied?.run ?? null })
    void navigate(`/runs/${made.id}`)
  }
  const save = async (words: Words, andRun: boolean) => {
    try {
      const made = await publish.mutateAsync({
        ...contentOf(channel, draft),
        ...words,
        note: words.note ?? '',
        based_on: current?.version ?? null,
      })
      void message.success(t('programmes.policy.saved', { version: made.version }))
      if (andRun) await run(made.id)
    } catch (refused) {
      if (refused instanceof Problem) {
        const named = refused.errors.filter(one => one.field === 'name' || one.field === 'note')
        form.setFields(named.map(one => ({ name: one.field as keyof Words, errors: [one.message] })))
      }
    }
  }
  const submit = (andRun: boolean) =>
    form.validateFields().then(
      words => save(words, andRun),
      () => undefined, // the fields say what is missing
    )
  const unchanged = nothingNew && !copied && t('programmes.policy.unchanged')
  const why = faulty ? t('programmes.policy.invalid') : unchanged || null
  return (
    <Panel>
      <Form<Words>
        form={form}
        layout="vertical"
        disabled={busy}
        initialValues={{
          name: copied ? t('programmes.policy.copy_name', { name: copied.policy.name }).slice(0, 60) : current?.name,
          note: '',
        }}
      >
        <Form.Item
          name="name"
          label={t('programmes.policy.name')}
          rules={[{ required: true, whitespace: true, message: t('programmes.policy.name_missing') }]}
        >
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="note" label={`${t('programmes.policy.note')}（${t('common.optional')}）`}>
          <Input.TextArea
            maxLength={1000}
            autoSize={{ minRows: 2, maxRows: 6 }}
            placeholder={t('programmes.policy.note_hint')}
          />
        </Form.Item>
      </Form>
      {changes > 0 && current && (
        <p className={classes.changes}>{t('programmes.policy.changes', { count: changes })}</p>
      )}
      {error && (
        <p role="alert" className={classes.error}>
          {reason(error)}
        </p>
      )}
      <div className={classes.actions}>
        {nothingNew && base && (
          <Button
            type={copied ? 'default' : 'primary'}
            size="large"
            loading={start.isPending}
            onClick={() => void run(base.id).catch(() => undefined)}
          >
            {copied ? t('programmes.policy.run_version', { version: base.version }) : t('programmes.policy.run')}
          </Button>
        )}
        {(!nothingNew || copied) && (
          <ActionButton type="primary" size="large" why={why} loading={busy} onClick={() => void submit(true)}>
            {t('programmes.policy.run_after_save')}
          </ActionButton>
        )}
        <ActionButton size="large" why={why} loading={publish.isPending} onClick={() => void submit(false)}>
          {t('programmes.policy.save', { version: next })}
        </ActionButton>
      </div>
    </Panel>
  )
}

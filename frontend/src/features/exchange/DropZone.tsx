import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Exchange.module.css'

type Props = { busy: boolean; onFile: (file: File) => void }

/** Takes one file: dropped, or chosen by mouse, finger or keyboard. */
export function DropZone({ busy, onFile }: Props) {
  const { t } = useTranslation()
  const [over, setOver] = useState(false)
  const take = (files: FileList | null) => {
    const file = files?.item(0)
    if (file && !busy) onFile(file)
  }
  const dropped = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the label inside is the way without a mouse
    <div
      className={`${classes.drop} ${over ? classes.over : ''}`}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={dropped}
    >
      <label>
        <input
          type="file"
          accept=".xlsx,.csv"
          className="visually-hidden"
          disabled={busy}
          onChange={event => {
            take(event.target.files)
            event.target.value = '' // the same file may be chosen again after it was corrected
          }}
        />
        <strong>{busy ? t('exchange.uploading') : t('exchange.drop')}</strong>
        <span>{t('exchange.drop_hint')}</span>
      </label>
    </div>
  )
}

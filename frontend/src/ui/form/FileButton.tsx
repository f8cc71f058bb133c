import { type ComponentProps, useRef } from 'react'
import { ActionButton } from './ActionButton'

type Props = Omit<ComponentProps<typeof ActionButton>, 'onClick' | 'children'> & {
  label: string
  onChoose: (file: File) => void
}

/** Choose a paper or a photograph; a phone offers its camera. The server decides by what the file is. */
export function FileButton({ label, onChoose, ...button }: Props) {
  const chosen = useRef<HTMLInputElement>(null)
  const take = (file: File | undefined) => {
    if (file) onChoose(file)
    if (chosen.current) chosen.current.value = '' // the same file may be chosen again after a refusal
  }
  return (
    <>
      <input
        ref={chosen}
        type="file"
        hidden
        accept="application/pdf,image/jpeg,image/png"
        aria-label={label}
        onChange={event => take(event.target.files?.[0])}
      />
      <ActionButton {...button} onClick={() => chosen.current?.click()}>
        {label}
      </ActionButton>
    </>
  )
}

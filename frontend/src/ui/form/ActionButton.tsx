import { Button, type ButtonProps, Tooltip } from 'antd'
import { useId } from 'react'

type Props = Omit<ButtonProps, 'disabled'> & {
  /** Why the action is not possible; with a reason the button stays reachable and says it. */
  why?: string | null | false
}

/** A button that, when it refuses, says why: to the pointer, to the finger and to the screen reader. */
export function ActionButton({ why, onClick, children, ...rest }: Props) {
  const id = useId()
  if (!why) {
    return (
      <Button {...rest} onClick={onClick}>
        {children}
      </Button>
    )
  }
  return (
    <Tooltip title={why} trigger={['hover', 'focus', 'click']}>
      <Button
        {...rest}
        htmlType="button"
        type="default"
        danger={false}
        aria-disabled="true"
        aria-describedby={id}
        className="refused"
      >
        {children}
        <span id={id} className="visually-hidden">
          {why}
        </span>
      </Button>
    </Tooltip>
  )
}

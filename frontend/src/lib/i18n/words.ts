/** The shape a translation must fill: every key of the Chinese words, and the singular that English needs besides. */
export type Words<T> = {
  [K in keyof T]: T[K] extends string ? string : Words<T[K]>
} & { [K in `${string}_one`]: string }

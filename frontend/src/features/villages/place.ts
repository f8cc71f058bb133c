/** Where a village lies: its full name without its own. */
export function placeOf({ name, full_name }: { name: string; full_name: string }): string {
  return full_name.endsWith(name) ? full_name.slice(0, full_name.length - name.length) : full_name
}

// Adding many to a list: `push(...more)` puts them all on the stack, which holds some hundred thousand.

export function append<T>(list: T[], more: Iterable<T>): void {
  for (const one of more) list.push(one);
}

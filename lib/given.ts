// Objects without the members that nobody gave.

type Given<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined: absent is absent. */
export function given<T extends object>(members: T): Given<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>;
}

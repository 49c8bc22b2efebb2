// All keys under a prefix, page by page, as far as the caller wants them.

import type { ObjectStore, Trouble } from './contract.ts';
import type { Key } from './key.ts';

export type Keys =
  | { readonly status: 'keys'; readonly keys: readonly Key[]; readonly isCut: boolean }
  | Trouble;

/** At most `most`; `isCut` says that there are more. */
export async function keysUnder(store: ObjectStore, prefix: string, most: number): Promise<Keys> {
  const keys: Key[] = [];
  let after: string | undefined;
  do {
    const page = await store.list(prefix, after === undefined ? {} : { after });
    if (page.status === 'failed') return page;
    keys.push(...page.keys);
    after = page.next;
  } while (after !== undefined && keys.length < most);
  return { status: 'keys', keys: keys.slice(0, most), isCut: after !== undefined || keys.length > most };
}

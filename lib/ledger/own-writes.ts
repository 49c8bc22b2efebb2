// Recognises one's own write after a lost answer.
//
// An SDK that got no answer to a PUT sends it again, and the second is refused (412) because the first
// arrived. Whoever takes that for a lost race skips work that nobody else will do. So a refusal is
// believed only when what is stored is not, byte for byte, what was to be written.

import { type ObjectStore, sameBytes, type Written } from './contract.ts';
import type { Key } from './key.ts';

/** The same store, with refusals looked at twice. */
export function recognisingOwn(store: ObjectStore): ObjectStore {
  const checked = async (key: Key, body: Uint8Array, answer: Written): Promise<Written> =>
    answer.status === 'conflict' ? ownOrConflict(store, key, body) : answer;
  return {
    ...store,
    create: async (key, body) => checked(key, body, await store.create(key, body)),
    replace: async (key, body, tag) => checked(key, body, await store.replace(key, body, tag)),
  };
}

/** Not readable now: then whether it is ours is not known, and saying "conflict" would be a guess. */
async function ownOrConflict(store: ObjectStore, key: Key, body: Uint8Array): Promise<Written> {
  const found = await store.get(key);
  if (found.status === 'failed')
    return { status: 'unknown', reason: `refused, and not readable: ${found.reason}` };
  if (found.status === 'absent' || !sameBytes(found.body, body)) return { status: 'conflict' };
  return { status: 'written', tag: found.tag };
}

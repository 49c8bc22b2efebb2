// A store in memory, for tests of all interleavings. The contract suite runs on it as on the real ones.

import { createHash } from 'node:crypto';
import type { ObjectStore, Tag } from '../../lib/ledger/contract.ts';
import type { Key } from '../../lib/ledger/key.ts';

const tagOf = (body: Uint8Array): Tag => createHash('sha256').update(body).digest('hex') as Tag;

export interface MemoryStore extends ObjectStore {
  readonly objects: Map<Key, Uint8Array>;
}

export function memoryStore(): MemoryStore {
  const objects = new Map<Key, Uint8Array>();
  const tagAt = (key: Key): Tag | undefined => {
    const body = objects.get(key);
    return body === undefined ? undefined : tagOf(body);
  };
  const put = (key: Key, body: Uint8Array, over: Tag | undefined) => {
    if (tagAt(key) !== over) return { status: 'conflict' } as const;
    objects.set(key, Uint8Array.from(body));
    return { status: 'written', tag: tagOf(body) } as const;
  };
  return {
    name: 'memory',
    objects,
    get: async (key) => {
      const body = objects.get(key);
      return body === undefined ? { status: 'absent' } : { status: 'found', body, tag: tagOf(body) };
    },
    create: async (key, body) => put(key, body, undefined),
    replace: async (key, body, tag) => put(key, body, tag),
    remove: async (key, tag) => {
      const now = tagAt(key);
      if (now === undefined) return { status: 'removed' };
      if (now !== tag) return { status: 'conflict' };
      objects.delete(key);
      return { status: 'removed' };
    },
    list: async (prefix, { after = '', limit = 1000 } = {}) => {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
      const page = keys.slice(0, limit);
      const next = page.at(-1);
      return keys.length > limit && next !== undefined
        ? { status: 'page', keys: page, next }
        : { status: 'page', keys: page };
    },
  };
}

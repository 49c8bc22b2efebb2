import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../lib/ledger/contract.ts';
import { probeStore } from '../../lib/ledger/probe-store.ts';
import { aLedger } from './a-ledger.ts';
import { memoryStore } from './memory-store.ts';

/** As most stand-ins of S3: conditions are read, and do not count. */
function careless(what: 'create' | 'replace'): ObjectStore {
  const sound = memoryStore();
  const put: ObjectStore['create'] = async (key, body) => {
    sound.objects.delete(key);
    return sound.create(key, body);
  };
  return { ...sound, [what]: put };
}

describe('probeStore', () => {
  it('trusts a store of which one writer wins, and leaves nothing behind', async () => {
    const store = memoryStore();
    expect(await probeStore(aLedger('probe', store))).toEqual({ status: 'sound' });
    expect(store.objects.size).toBe(0);
  });

  it.each([
    ['create', 'of 12 writers of a new object 12 won'],
    ['replace', 'of 12 writers that replace one state 12 won'],
  ] as const)('sees that %s ignores its condition', async (what, why) => {
    expect(await probeStore(aLedger('probe', careless(what)))).toEqual({ status: 'unsound', why });
  });

  it('tells why it could not look', async () => {
    const store: ObjectStore = {
      ...memoryStore(),
      create: async () => ({ status: 'failed', reason: 'HTTP 403: AccessDenied', passing: false }),
    };
    expect(await probeStore(aLedger('probe', store))).toEqual({
      status: 'failed',
      why: 'HTTP 403: AccessDenied',
    });
  });
});

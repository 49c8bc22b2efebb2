// One of several processes that race for the same objects: `racer.ts '{"place":…,"writers":5,"tags":[…],"begin":…}'`.
//
// Prints, as JSON, how many of its writers won each round of creating and of replacing.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectStore, Tag } from '../../lib/ledger/contract.ts';
import { type Key, keyOf } from '../../lib/ledger/key.ts';
import { type Place, storeAt } from './places.ts';

export interface Race {
  readonly place: Place;
  readonly writers: number;
  /** Of the objects to be replaced, one per round. */
  readonly tags: readonly Tag[];
  readonly increments: number;
  /** Unix milliseconds: all begin then. */
  readonly begin: number;
}

export interface Won {
  readonly created: readonly number[];
  readonly replaced: readonly number[];
  readonly torn: number;
}

const keyNamed = (name: string): Key => keyOf('v1/race', [name], '.json');

const body = (text: string) => Buffer.from(JSON.stringify({ writer: randomUUID(), text }));

async function winners(writers: number, write: () => Promise<{ readonly status: string }>): Promise<number> {
  const answers = await Promise.all(Array.from({ length: writers }, write));
  const strange = answers.filter(({ status }) => status !== 'written' && status !== 'conflict');
  if (strange.length > 0) throw new Error(JSON.stringify(strange[0]));
  return answers.filter(({ status }) => status === 'written').length;
}

/** The counter of a file, one more, until nobody was faster. Returns how often it read half a file. */
async function increment(store: ObjectStore, key: Key): Promise<number> {
  for (let torn = 0; ; ) {
    const found = await store.get(key);
    if (found.status === 'failed') throw new Error(found.reason);
    const [count, tag] = found.status === 'found' ? [countIn(found.body), found.tag] : [0, undefined];
    if (count === undefined) torn += 1;
    else if ((await write(store, key, { count: count + 1, tag })) === 'written') return torn;
  }
}

async function write(
  store: ObjectStore,
  key: Key,
  { count, tag }: { count: number; tag: Tag | undefined },
): Promise<string> {
  const bytes = Buffer.from(JSON.stringify({ writer: randomUUID(), count }));
  const answer = await (tag === undefined ? store.create(key, bytes) : store.replace(key, bytes, tag));
  return answer.status;
}

export function countIn(bytes: Uint8Array): number | undefined {
  try {
    return (JSON.parse(Buffer.from(bytes).toString()) as { count: number }).count;
  } catch {
    return undefined;
  }
}

async function race({ place, writers, tags, increments, begin }: Race): Promise<Won> {
  const store = storeAt(place);
  const created: number[] = [];
  const replaced: number[] = [];
  for (const [round, tag] of tags.entries()) {
    await sleep(Math.max(0, begin + round * 150 - Date.now()));
    created.push(await winners(writers, () => store.create(keyNamed(`create-${round}`), body('new'))));
    await sleep(Math.max(0, begin + round * 150 + 75 - Date.now()));
    replaced.push(
      await winners(writers, () => store.replace(keyNamed(`replace-${round}`), body('other'), tag)),
    );
  }
  const torn = await Promise.all(
    Array.from({ length: writers }, async () => {
      let seen = 0;
      for (let n = 0; n < increments; n += 1) seen += await increment(store, keyNamed('counter'));
      return seen;
    }),
  );
  return { created, replaced, torn: torn.reduce((sum, n) => sum + n, 0) };
}

if (process.argv[2] !== undefined && process.argv[1]?.endsWith('racer.ts') === true)
  process.stdout.write(JSON.stringify(await race(JSON.parse(process.argv[2]) as Race)));

// What every store of state must do: one contract, on all of them.
//
// On S3 it needs versitygw: skipped where .ci/servers/versitygw.sh has not been run.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore, Tag } from '../../lib/ledger/contract.ts';
import { type Key, keyOf } from '../../lib/ledger/key.ts';
import { memoryStore } from '../ledger/memory-store.ts';
import { type Place, storeAt } from '../ledger/places.ts';
import { countIn, type Race, type Won } from '../ledger/racer.ts';
import { BUCKET, type Bucket, HAS_VERSITYGW, startVersitygw } from '../servers/real-versitygw.ts';

const keyNamed = (...names: string[]): Key => keyOf('v1/test', names, '.json');

const bytes = (text: string) => Buffer.from(text);

/** The tag of what was written; fails the test otherwise. */
async function written(answer: Promise<{ status: string; tag?: Tag }>): Promise<Tag> {
  const { status, tag } = await answer;
  expect(status).toBe('written');
  return tag ?? ('' as Tag);
}

async function textAt(store: ObjectStore, key: Key): Promise<string> {
  const found = await store.get(key);
  return found.status === 'found' ? Buffer.from(found.body).toString() : found.status;
}

function contract(open: () => ObjectStore): void {
  it('tells absent from empty', async () => {
    const store = open();
    expect(await store.get(keyNamed('absent'))).toEqual({ status: 'absent' });
    await written(store.create(keyNamed('empty'), bytes('')));
    expect(await textAt(store, keyNamed('empty'))).toBe('');
  });

  it('gives back the bytes that it was given, whatever they are', async () => {
    const body = Buffer.from(Array.from({ length: 70_000 }, (_, n) => n % 256));
    const tag = await written(open().create(keyNamed('bytes'), body));
    const found = await open().get(keyNamed('bytes'));
    expect(found).toMatchObject({ status: 'found', tag });
    expect(found.status === 'found' && Buffer.compare(found.body, body)).toBe(0);
  });

  it('creates only where nothing is', async () => {
    const store = open();
    await written(store.create(keyNamed('once'), bytes('first')));
    expect(await store.create(keyNamed('once'), bytes('second'))).toEqual({ status: 'conflict' });
    expect(await textAt(store, keyNamed('once'))).toBe('first');
  });

  it('replaces only the state that was read', async () => {
    const store = open();
    const key = keyNamed('replaced');
    const first = await written(store.create(key, bytes('1')));
    const second = await written(store.replace(key, bytes('2'), first));
    expect(second).not.toBe(first);
    expect(await store.replace(key, bytes('3'), first)).toEqual({ status: 'conflict' });
    expect(await textAt(store, key)).toBe('2');
    await written(store.replace(key, bytes('4'), second));
  });

  it('does not replace what is not there', async () => {
    const store = open();
    const tag = await written(store.create(keyNamed('gone'), bytes('1')));
    expect(await store.remove(keyNamed('gone'), tag)).toEqual({ status: 'removed' });
    expect(await store.replace(keyNamed('gone'), bytes('2'), tag)).toEqual({ status: 'conflict' });
    expect(await store.get(keyNamed('gone'))).toEqual({ status: 'absent' });
  });

  it('removes only the state that was read', async () => {
    const store = open();
    const key = keyNamed('removed');
    const first = await written(store.create(key, bytes('1')));
    const second = await written(store.replace(key, bytes('2'), first));
    expect(await store.remove(key, first)).toEqual({ status: 'conflict' });
    expect(await store.remove(key, second)).toEqual({ status: 'removed' });
    expect(await store.remove(key, second)).toEqual({ status: 'removed' });
    await written(store.create(key, bytes('3')));
  });

  it('lists in order, in pages, only what begins so', async () => {
    const store = open();
    const names = Array.from({ length: 25 }, (_, n) => String((n * 7) % 25).padStart(3, '0'));
    for (const name of names) await written(store.create(keyNamed('listed', name), bytes(name)));
    await written(store.create(keyNamed('listed-not', 'x'), bytes('x')));
    const seen: Key[] = [];
    const sizes: number[] = [];
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const page = await store.list('v1/test/listed/', {
        limit: 10,
        ...(after === undefined ? {} : { after }),
      });
      if (page.status !== 'page') throw new Error(page.reason);
      seen.push(...page.keys);
      sizes.push(page.keys.length);
      after = page.next;
    }
    expect(sizes).toEqual([10, 10, 5]);
    expect(seen).toEqual(names.toSorted().map((name) => keyNamed('listed', name)));
    expect(await store.list('v1/nothing/')).toEqual({ status: 'page', keys: [] });
  });

  it.each(['a/b', '../x', '', '.hidden', 'ä€😀', 'a b', 'con\u0000trol', 'x'.repeat(3000), '='])(
    'takes any text as a segment: %j',
    async (text) => {
      const store = open();
      await written(store.create(keyNamed('segment', text), bytes(text)));
      expect(await textAt(store, keyNamed('segment', text))).toBe(text);
      const listed = await store.list('v1/test/segment/');
      expect(listed.status === 'page' && listed.keys).toContain(keyNamed('segment', text));
    },
  );

  it('lets one of 20 writers in one process win', async () => {
    const store = open();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => store.create(keyNamed('race'), bytes(`writer ${n}`))),
    );
    expect(answers.filter(({ status }) => status === 'written')).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 'conflict')).toHaveLength(19);
  });
}

const PROCESSES = 4;

/** 20 writers in 4 processes, against `place`. */
async function raceOf(place: Place, rounds: number, increments: number): Promise<readonly Won[]> {
  const store = storeAt(place);
  const tags: Tag[] = [];
  for (let round = 0; round < rounds; round += 1)
    tags.push(
      await written(store.create(keyOf('v1/race', [`replace-${round}`], '.json'), bytes(`${round}`))),
    );
  const race: Race = { place, writers: 5, tags, increments, begin: Date.now() + 2500 };
  const children = Array.from({ length: PROCESSES }, () =>
    promisify(execFile)(process.execPath, ['test/ledger/racer.ts', JSON.stringify(race)]),
  );
  return (await Promise.all(children)).map(({ stdout }) => JSON.parse(stdout) as Won);
}

function racing(place: () => Place): void {
  it('lets exactly one of 20 writers in 4 processes win each round, and loses no increment', async () => {
    const rounds = 10;
    const won = await raceOf(place(), rounds, 5);
    const sum = (of: (one: Won) => readonly number[]) =>
      Array.from({ length: rounds }, (_, n) => won.reduce((all, one) => all + (of(one)[n] ?? 0), 0));
    expect(sum(({ created }) => created)).toEqual(Array(rounds).fill(1));
    expect(sum(({ replaced }) => replaced)).toEqual(Array(rounds).fill(1));
    expect(won.map(({ torn }) => torn)).toEqual(Array(PROCESSES).fill(0));
    const counter = await storeAt(place()).get(keyOf('v1/race', ['counter'], '.json'));
    expect(counter.status === 'found' && countIn(counter.body)).toBe(PROCESSES * 5 * 5);
  }, 90_000);
}

describe('a store in memory', () => {
  const store = memoryStore();
  contract(() => store);
});

describe('a folder', () => {
  const path = mkdtempSync(join(tmpdir(), 'coldtrace-state-'));
  const place: Place = { kind: 'folder', path };
  let store: ObjectStore;
  beforeAll(() => {
    store = storeAt(place);
  });
  afterAll(() => rmSync(path, { recursive: true }));
  contract(() => store);
  racing(() => place);
});

describe.skipIf(!HAS_VERSITYGW)('S3: versitygw 1.8.0 (build it with .ci/servers/versitygw.sh)', () => {
  let bucket: Bucket;
  let store: ObjectStore;
  const place = (prefix: string): Place => ({
    kind: 's3',
    bucket: BUCKET,
    prefix,
    settings: bucket.settings,
  });
  beforeAll(async () => {
    bucket = await startVersitygw();
    store = storeAt(place('one/'));
  }, 30_000);
  afterAll(() => bucket.remove());
  contract(() => store);
  racing(() => place('race/'));

  it('keeps installations under other prefixes apart', async () => {
    const [a, b] = [storeAt(place('a/')), storeAt(place('b/'))];
    await written(a.create(keyNamed('same'), bytes('a')));
    await written(b.create(keyNamed('same'), bytes('b')));
    expect(await textAt(a, keyNamed('same'))).toBe('a');
    expect(await b.list('v1/')).toEqual({ status: 'page', keys: [keyNamed('same')] });
  });
});

// What is stored once a day, and what names a version.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storeNew } from '../../lib/ledger/collected.ts';
import type { ObjectStore } from '../../lib/ledger/contract.ts';
import { readEvidence } from '../../lib/ledger/evidence.ts';
import { versionId } from '../../lib/ledger/object-version.ts';
import { aLedger, second } from './a-ledger.ts';
import { memoryStore } from './memory-store.ts';

const pod = (uid: number, resourceVersion: number) => ({
  kind: 'Pod',
  metadata: { uid: `u${uid}`, resourceVersion: String(resourceVersion) },
});

async function versionsIn(store: ObjectStore): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const batch of readEvidence(aLedger('reader', store), 'c', {
    from: second(0),
    to: second(200_000),
  }))
    if (batch.status === 'lines') texts.push(...batch.text.trimEnd().split('\n'));
  return texts.map((text) => versionId(JSON.parse(text).object));
}

const distinct = (objects: readonly ReturnType<typeof pod>[]) => [...new Set(objects.map(versionId))].sort();

const pods = fc.array(
  fc.record({ uid: fc.nat(5), version: fc.nat(3) }).map(({ uid, version }) => pod(uid, version)),
  { maxLength: 12 },
);

describe('storeNew', () => {
  it('stores each version of a day once, in however many runs they are seen', () =>
    fc.assert(
      fc.asyncProperty(fc.array(pods, { maxLength: 5 }), async (runs) => {
        const store = memoryStore();
        for (const [index, objects] of runs.entries())
          await storeNew(aLedger(`run-${index}`, store), 'c', { objects, arrival: second(index) });
        expect([...(await versionsIn(store))].sort()).toEqual(distinct(runs.flat()));
      }),
      { numRuns: 60 },
    ));

  it('loses nothing, and in the end forgets nothing, when runs write at the same time', () =>
    fc.assert(
      fc.asyncProperty(fc.array(pods, { minLength: 2, maxLength: 5 }), async (runs) => {
        const store = memoryStore();
        const stored = await Promise.all(
          runs.map((objects, index) =>
            storeNew(aLedger(`run-${index}`, store), 'c', { objects, arrival: second(index) }),
          ),
        );
        expect(stored.map(({ trouble }) => trouble)).toEqual(runs.map(() => undefined));
        expect([...new Set(await versionsIn(store))].sort()).toEqual(distinct(runs.flat()));
        const again = await storeNew(aLedger('last', store), 'c', {
          objects: runs.flat(),
          arrival: second(9),
        });
        expect(again).toMatchObject({ fresh: 0, appended: { bytes: 0 } });
      }),
      { numRuns: 60 },
    ));

  it('begins every day anew, so that a day can be read by itself', async () => {
    const store = memoryStore();
    const fresh: number[] = [];
    for (const at of [0, 60, 86_400, 86_460]) {
      const stored = await storeNew(aLedger('a', store), 'c', { objects: [pod(1, 1)], arrival: second(at) });
      fresh.push(stored.fresh);
    }
    expect(fresh).toEqual([1, 0, 1, 0]);
  });

  it('does not say that something is stored which is not', async () => {
    const store = memoryStore();
    const full: ObjectStore = {
      ...store,
      create: async (key, body) =>
        key.startsWith('v1/evidence/')
          ? { status: 'failed', reason: 'no space', passing: true }
          : store.create(key, body),
    };
    const objects = [pod(1, 1)];
    const failed = await storeNew(aLedger('a', full), 'c', { objects, arrival: second(0) });
    expect(failed.appended).toMatchObject({ status: 'incomplete', trouble: { reason: 'no space' } });
    const next = await storeNew(aLedger('b', store), 'c', { objects, arrival: second(1) });
    expect(next).toMatchObject({ fresh: 1, appended: { status: 'appended' } });
  });

  it('touches no list of a later version, and stores all the same', async () => {
    const store = memoryStore();
    const arrival = second(0);
    await storeNew(aLedger('a', store), 'c', { objects: [pod(1, 1)], arrival });
    const [key] = [...store.objects.keys()].filter((one) => one.startsWith('v1/collected/'));
    if (key === undefined) throw new Error('no list');
    const newer = Buffer.from('{"state":"collected","version":2,"value":{}}');
    store.objects.set(key, newer);
    const stored = await storeNew(aLedger('b', store), 'c', { objects: [pod(1, 2)], arrival: second(5) });
    expect(stored).toMatchObject({
      fresh: 1,
      appended: { status: 'appended' },
      trouble: expect.stringContaining('newer'),
    });
    expect(store.objects.get(key)).toEqual(newer);
  });
});

const node = (metadata: object, more: object) => ({
  kind: 'Node',
  metadata: { uid: 'n', ...metadata },
  ...more,
});

describe('versionId', () => {
  it.each<readonly [string, boolean, Parameters<typeof versionId>[0], Parameters<typeof versionId>[0]]>([
    [
      'the same object in both groups',
      true,
      { ...pod(1, 1), kind: 'Event', involvedObject: {} },
      { ...pod(1, 1), kind: 'Event', regarding: {} },
    ],
    ['another version', false, pod(1, 1), pod(1, 2)],
    ['another uid', false, pod(1, 1), pod(2, 1)],
    [
      'uid and version that join to the same text',
      false,
      { metadata: { uid: 'a1', resourceVersion: '1' } },
      { metadata: { uid: 'a', resourceVersion: '11' } },
    ],
    ['no version, the same words', true, { metadata: { uid: 'a' }, x: 1 }, { metadata: { uid: 'a' }, x: 1 }],
    ['no version, other words', false, { metadata: { uid: 'a' }, x: 1 }, { metadata: { uid: 'a' }, x: 2 }],
    [
      'a heartbeat',
      true,
      node({ resourceVersion: '1' }, { status: { a: 1 } }),
      node({ resourceVersion: '2' }, { status: { a: 2 } }),
    ],
    ['another label', false, node({ labels: { a: '1' } }, {}), node({ labels: { a: '2' } }, {})],
    ['another taint', false, node({}, { spec: { taints: [] } }), node({}, { spec: { taints: [1] } })],
  ])('%s: the same is %s', (_what, same, a, b) => {
    expect(versionId(a) === versionId(b)).toBe(same);
  });
});

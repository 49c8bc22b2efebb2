// State that fails or is damaged: scenarios 14 and 15.

import { beforeAll, describe, expect, it } from 'vitest';
import type { RunTold } from '../../lib/analyze-types.ts';
import { backfillSlice } from '../../lib/backfill.ts';
import type { ObjectStore } from '../../lib/ledger/contract.ts';
import type { Key } from '../../lib/ledger/key.ts';
import { recognisingOwn } from '../../lib/ledger/own-writes.ts';
import { retryingStore } from '../../lib/ledger/retrying-store.ts';
import type { Startup } from '../../lib/model/startup.ts';
import { sink, taken } from '../exporters/sink.ts';
import { type MemoryStore, memoryStore } from '../ledger/memory-store.ts';
import { expectDelivered, expectedSpans, pointsIn, spansIn } from './delivered.ts';
import { at, minutes, openScene, pass, recover, runnable, runOnce, targetOf, toldBy } from './scene.ts';

const RECORDINGS = ['crashloop', 'vllm-cold-image'] as const;

let startups: readonly Startup[] = [];
beforeAll(async () => {
  startups = await toldBy(RECORDINGS);
});

/** As S3 is at a bad hour, in turn: the write is done and its answer lost; 409; 503. */
function troubled(store: ObjectStore): { readonly store: ObjectStore; readonly troubles: () => number } {
  let calls = 0;
  const act = async <T>(does: () => Promise<T>, isWrite: boolean) => {
    calls += 1;
    const turn = calls % 7;
    if (turn === 2 && isWrite) {
      await does();
      return { status: 'unknown', reason: 'socket hang up' } as const;
    }
    if (turn === 4) return { status: 'failed', reason: 'HTTP 409', passing: true } as const;
    return turn === 6 ? ({ status: 'failed', reason: 'HTTP 503', passing: true } as const) : does();
  };
  const failing = {
    name: store.name,
    get: (key) => act(() => store.get(key), false),
    create: (key, body) => act(() => store.create(key, body), true),
    replace: (key, body, tag) => act(() => store.replace(key, body, tag), true),
    remove: (key, tag) => act(() => store.remove(key, tag), true),
    list: (prefix, page) => act(() => store.list(prefix, page), false),
  } as ObjectStore;
  return { store: failing, troubles: () => calls };
}

describe('scenario 14: conflicts, busy answers, and writes whose answers are lost', () => {
  it('are tried again, a write of our own is known again, and the run notices nothing', async () => {
    await using destination = await sink(taken);
    const scene = await openScene({ url: destination.url, recordings: RECORDINGS });
    const { store, troubles } = troubled(scene.store);
    const sleep = async (): Promise<void> => undefined;
    const patient = retryingStore(recognisingOwn(store), { sleep, random: () => 0.5 });
    const told = await runOnce(scene, { store: patient });
    expect(troubles()).toBeGreaterThan(60);
    expect(told).toMatchObject({ status: 'ok', watermark: { to: targetOf(scene.clock) } });
    expectDelivered(destination.received, startups);
    const [next] = await recover(scene);
    expect(next).toMatchObject({ status: 'ok', watermark: { to: targetOf(scene.clock) } });
    expectDelivered(destination.received, startups);
  });
});

const DAMAGES = [
  ['truncated', (body: Uint8Array) => body.slice(0, body.length / 2)],
  ['garbage', () => Buffer.from('\u0000\u0001 not JSON')],
  ['of an unknown schema', () => Buffer.from('{"state":"watermark","version":1,"value":{"at":"soon"}}')],
] as const;

const newer = (body: Uint8Array): Uint8Array =>
  Buffer.from(Buffer.from(body).toString().replace('"version":1', '"version":99'));

function damage(store: MemoryStore, prefix: string, how: (body: Uint8Array) => Uint8Array): readonly Key[] {
  const keys = [...store.objects.keys()].filter((key) => key.startsWith(prefix));
  for (const key of keys) store.objects.set(key, how(store.objects.get(key) ?? Buffer.alloc(0)));
  return keys;
}

const startsWith = (store: MemoryStore, prefix: string): number =>
  [...store.objects.keys()].filter((key) => key.startsWith(prefix)).length;

describe('scenario 15: damaged state', () => {
  const damaged = async (prefix: string, how: (body: Uint8Array) => Uint8Array) => {
    const destination = await sink(taken);
    const store = memoryStore();
    const scene = await openScene({ url: destination.url, recordings: RECORDINGS, store });
    const first = await runOnce(scene);
    pass(scene, minutes(20));
    await runOnce(scene);
    const keys = damage(store, prefix, how);
    expect(keys.length).toBeGreaterThan(0);
    pass(scene, minutes(20));
    const told = await runOnce(scene);
    return { destination, store, scene, first, told };
  };

  it.each(DAMAGES)(
    'a watermark that is %s: copied aside, gone on from the one before, and told',
    async (_, how) => {
      const { destination, store, scene, told } = await damaged('v1/watermark/', how);
      await using _destination = destination;
      expect(told).toMatchObject({ status: 'partial', watermark: { to: targetOf(scene.clock) } });
      expect(told.watermark?.from).toBeLessThan(targetOf(scene.clock));
      expect(told.notes.join('\n')).toMatch(/the watermark was restored: .*v1\/quarantine/s);
      expect(startsWith(store, 'v1/quarantine/')).toBe(1);
      expect((await recover(scene)).at(-1)?.status).toBe('ok');
      expectDelivered(destination.received, startups);
    },
  );

  const stops = (told: RunTold, why: RegExp): void => {
    expect(told.status).toBe('failed');
    expect(told.notes.join('\n')).toMatch(why);
  };

  it('both watermarks: the run stops, and is not reset to now; it is in the reports', async () => {
    const { destination, store, scene, told } = await damaged('v1/watermark', () => Buffer.from('{'));
    await using _destination = destination;
    stops(told, /watermark: /);
    expect(startsWith(store, 'v1/runs/')).toBe(3);
    stops(await runOnce(scene), /watermark: /);
    expectDelivered(destination.received, startups);
  });

  it('a watermark of a later version of the program: left alone', async () => {
    const { destination, store, told } = await damaged('v1/watermark/', newer);
    await using _destination = destination;
    stops(told, /watermark: /);
    expect(startsWith(store, 'v1/watermark/')).toBe(1);
  });

  it('what was sent: nothing of it is sent again, since nobody knows what was counted', async () => {
    await using destination = await sink(taken);
    const store = memoryStore();
    const scene = await openScene({ url: destination.url, recordings: RECORDINGS, store });
    await runOnce(scene);
    damage(store, 'v1/ledger/', () => Buffer.from('{'));
    const { job, deps } = await runnable(scene);
    const slice = { from: at('2026-11-22T01:40:00Z'), to: at('2026-11-22T02:10:00Z') };
    const told = await backfillSlice(slice, job, deps);
    await deps.shipping.close();
    expect(told.status).toBe('partial');
    expect(told.counts['spans.unreadable']).toBe(startups.length);
    expect(told.counts['metrics.unreadable']).toBe(startups.length);
    expectDelivered(destination.received, startups);
  });

  it('slices and open pods: read again, written anew, nothing twice', async () => {
    const { destination, scene } = await damaged('v1/slices/', () => Buffer.from('{'));
    await using _destination = destination;
    expect((await recover(scene)).at(-1)).toMatchObject({ status: 'ok' });
    expect(spansIn(destination.received)).toEqual(expectedSpans(startups));
    expect(pointsIn(destination.received).length).toBeGreaterThan(0);
    expectDelivered(destination.received, startups);
  });
});

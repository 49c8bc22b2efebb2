// Two runs in every order of their steps, with answers lost, requests lost, clocks that jump and sudden deaths.
//
// What must hold after every single write: the watermark never goes back, a generation has one holder, no
// metric is sent twice. And when the trouble is over: three more runs find everything.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, type Instant, after as later, SECOND } from '../../lib/base/instant.ts';
import type { ObjectStore } from '../../lib/ledger/contract.ts';
import { type ExportKey, entryFile, type Signal } from '../../lib/ledger/export-entry.ts';
import type { SendOutcome, Shipment } from '../../lib/ledger/export-once.ts';
import type { Key } from '../../lib/ledger/key.ts';
import type { Lease } from '../../lib/ledger/lease.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { recognisingOwn } from '../../lib/ledger/own-writes.ts';
import { readState } from '../../lib/ledger/state-file.ts';
import { memoryStore } from './memory-store.ts';
import { exportPods, PODS, type Pod, partsOf, TARGET, type Work, wholeRun } from './whole-run.ts';

const TERMS = { ttl: duration(60n * SECOND), skew: duration(5n * SECOND) };

const POLICY = { replaces: true, onAmbiguous: 'count' } as const;

class Death extends Error {}

/** What befalls one step. `late`: the clock jumps past every lease before it is done. */
type Fate = 'fine' | 'answer lost' | 'request lost' | 'late' | 'death before' | 'death after';

const fates = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Fate>('fine') },
    {
      weight: 3,
      arbitrary: fc.constantFrom<Fate>('answer lost', 'request lost', 'late', 'death before', 'death after'),
    },
  ),
  // Short lists, which are preferred otherwise, never get as far as the sending.
  { maxLength: 60, size: 'max' },
);

interface World {
  readonly store: ReturnType<typeof memoryStore>;
  readonly sent: Map<string, string[]>;
  now: Instant;
}

const newWorld = (): World => ({ store: memoryStore(), sent: new Map(), now: later(TARGET, TERMS.ttl) });

interface Chance {
  readonly fates: readonly Fate[];
  /** Waits until it is this step's turn. */
  readonly turn: (label: string) => Promise<unknown>;
}

/** Does what fate says to one step. */
function stepping(world: World, { fates: mine, turn }: Chance) {
  let n = 0;
  const comeOn = async (label: string): Promise<Fate> => {
    const fate = mine[n] ?? 'fine';
    n += 1;
    await turn(label);
    if (fate !== 'late') return fate;
    world.now = later(world.now, duration(70n * SECOND));
    await turn(`${label}, late`);
    return 'fine';
  };
  return async <T, L>(label: string, act: () => Promise<T>, lost: () => L): Promise<T | L> => {
    const fate = await comeOn(label);
    if (fate === 'death before') throw new Death();
    if (fate === 'request lost') return lost();
    const answer = await act();
    if (fate === 'death after') throw new Death();
    return fate === 'answer lost' ? lost() : answer;
  };
}

const unknown = () => ({ status: 'unknown', reason: 'no answer' }) as const;
const unread = () => ({ status: 'failed', reason: 'no answer', passing: true }) as const;

type Step = ReturnType<typeof stepping>;

function troubled(store: ObjectStore, step: Step): ObjectStore {
  return recognisingOwn({
    name: store.name,
    get: (key) => step(`get ${key}`, () => store.get(key), unread),
    create: (key, body) => step(`create ${key}`, () => store.create(key, body), unknown),
    replace: (key, body, tag) => step(`replace ${key}`, () => store.replace(key, body, tag), unknown),
    remove: (key, tag) => step(`remove ${key}`, () => store.remove(key, tag), unknown),
    list: (prefix, page) => step(`list ${prefix}`, () => store.list(prefix, page), unread),
  });
}

/** Notes what the destination was told of each part. */
function sending(world: World, step: Step) {
  return (key: ExportKey, { parts }: Shipment): Promise<SendOutcome> =>
    step<SendOutcome, SendOutcome>(
      `send ${key.uid} ${key.signal}`,
      async () => {
        for (const part of parts) world.sent.set(part, [...(world.sent.get(part) ?? []), key.signal]);
        return { status: 'delivered' };
      },
      unknown,
    );
}

let writes = 0;

const ledgerOf = (world: World, run: string, store: ObjectStore): Ledger => ({
  store,
  run,
  now: () => world.now,
  newId: () => {
    writes += 1;
    return `${run}/${writes}`;
  },
});

const jsonAt = (world: World, key: Key): { value: Record<string, unknown>; run: string } | undefined => {
  const body = world.store.objects.get(key);
  return body === undefined ? undefined : JSON.parse(Buffer.from(body).toString());
};

/** Looks at the world after every write. */
function watched(world: World) {
  const marks: string[] = [];
  const holders = new Map<number, Set<string>>();
  let generation = 0;
  const look = () => {
    const mark = jsonAt(world, 'v1/watermark/logs.json' as Key);
    if (mark !== undefined) marks.push(String(mark.value['at']));
    const lease = jsonAt(world, 'v1/lease/logs.json' as Key);
    if (lease === undefined) return;
    const now = Number(lease.value['generation']);
    expect(now).toBeGreaterThanOrEqual(generation);
    generation = now;
    const holder = lease.value['holder'];
    if (typeof holder === 'string') holders.set(now, (holders.get(now) ?? new Set()).add(holder));
  };
  const seeing = <A extends readonly unknown[], T>(act: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      const answer = await act(...args);
      look();
      return answer;
    };
  };
  const { create, replace, remove } = world.store;
  const store: ObjectStore = {
    ...world.store,
    create: seeing(create),
    replace: seeing(replace),
    remove: seeing(remove),
  };
  const check = () => {
    expect(marks).toEqual(marks.toSorted());
    for (const [, runs] of holders) expect(runs.size).toBe(1);
  };
  return { store, check };
}

const countOf = (world: World, part: string): number => world.sent.get(part)?.length ?? 0;

const partNames = (signal: Signal): readonly string[] =>
  PODS.flatMap((pod) => Object.keys(partsOf(pod, signal)));

const noMetricTwice = (world: World): void => {
  for (const part of partNames('metrics'))
    expect([part, Math.min(countOf(world, part), 2)]).not.toEqual([part, 2]);
};

const ends = (run: Promise<unknown>): Promise<unknown> =>
  run.catch((error: unknown) => {
    if (!(error instanceof Death)) throw error;
    return 'died';
  });

async function unsureParts(world: World, ledger: Ledger): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const { uid } of PODS) {
    const file = entryFile({ uid, attempt: 0, signal: 'metrics', destination: 'sink' });
    const read = await readState({ ...ledger, store: world.store }, file);
    if (read.status === 'found') for (const name of Object.keys(read.value.unsure)) names.add(name);
  }
  return names;
}

const changed = (pods: readonly Pod[]): readonly Pod[] => pods.map((pod) => ({ ...pod, evidence: 'more' }));

describe('two runs at once', () => {
  it('whatever happens in whatever order, and three runs later everything is there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fates,
        fates,
        fc.boolean(),
        async (scheduler, mine, yours, differs) => {
          const world = newWorld();
          const { store, check } = watched(world);
          const start = (run: string, its: readonly Fate[], pods: readonly Pod[]) => {
            const step = stepping(world, {
              fates: its,
              turn: (label) => scheduler.schedule(Promise.resolve(), `${run}: ${label}`),
            });
            const ledger = ledgerOf(world, run, troubled(store, step));
            const work: Work = {
              source: 'logs',
              terms: TERMS,
              policy: POLICY,
              pods,
              send: sending(world, step),
            };
            return ends(wholeRun(ledger, work));
          };
          const both = [start('A', mine, PODS), start('B', yours, differs ? changed(PODS) : PODS)];
          await scheduler.waitFor(Promise.all(both));
          noMetricTwice(world);
          await converge(world, store);
          check();
        },
      ),
      { numRuns: 600 },
    );
  });

  it('also without a lease that both respect: a backfill over the same pods', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fates,
        fates,
        fc.boolean(),
        async (scheduler, mine, yours, differs) => {
          const world = newWorld();
          const start = (run: string, its: readonly Fate[], pods: readonly Pod[]) => {
            const step = stepping(world, {
              fates: its,
              turn: (label) => scheduler.schedule(Promise.resolve(), `${run}: ${label}`),
            });
            const ledger = ledgerOf(world, run, troubled(world.store, step));
            const expires = later(world.now, TERMS.ttl);
            const tag = '' as Lease['tag'];
            const lease = { source: run, generation: 1, expires, freeAt: later(expires, TERMS.skew), tag };
            const work: Work = {
              source: run,
              terms: TERMS,
              policy: POLICY,
              pods,
              send: sending(world, step),
            };
            return ends(exportPods(ledger, lease, work));
          };
          const both = [start('A', mine, PODS), start('B', yours, differs ? changed(PODS) : PODS)];
          await scheduler.waitFor(Promise.all(both));
          noMetricTwice(world);
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** Runs one after the other, all fine; each comes when the leases before it are over. */
async function converge(world: World, store: ObjectStore): Promise<void> {
  let ended = '';
  for (let n = 0; n < 3 && ended !== 'done'; n += 1) {
    world.now = later(world.now, duration(120n * SECOND));
    const step = stepping(world, { fates: [], turn: async () => {} });
    const send = sending(world, step);
    ended = await wholeRun(ledgerOf(world, `after ${n}`, store), {
      source: 'logs',
      terms: TERMS,
      policy: POLICY,
      pods: PODS,
      send,
    });
  }
  expect(ended).toBe('done');
  for (const part of partNames('spans')) expect(countOf(world, part)).toBeGreaterThanOrEqual(1);
  const unsure = await unsureParts(world, ledgerOf(world, 'check', store));
  for (const part of partNames('metrics'))
    expect([part, countOf(world, part) === 1 || unsure.has(part)]).toEqual([part, true]);
  noMetricTwice(world);
}

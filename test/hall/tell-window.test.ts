// Which attempts a window tells: each in exactly one slice of any cut, in the order in which pods ended.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunDeps } from '../../lib/analyze-types.ts';
import { backfillSlice } from '../../lib/backfill.ts';
import { type Instant, instant, SECOND } from '../../lib/base/instant.ts';
import { newCounter } from '../../lib/base/tally.ts';
import { deadLetters } from '../../lib/ledger/dead-letters.ts';
import { acquireLease } from '../../lib/ledger/lease.ts';
import type { OpenPod } from '../../lib/ledger/open-pods.ts';
import type { Slice } from '../../lib/ledger/window.ts';
import { isUnknown } from '../../lib/model/mark.ts';
import type { Startup } from '../../lib/model/startup.ts';
import type { Cargo, Shipping } from '../../lib/shipping.ts';
import { tellWindow } from '../../lib/tell-window.ts';
import { at, LATER, newScene, RECORDINGS, runnable, toldBy } from '../faults/scene.ts';

const startups = await toldBy(RECORDINGS);

/** Keeps what is handed over, attempt by attempt. */
function keeping(): { readonly shipping: Shipping; readonly told: string[] } {
  const told: string[] = [];
  const nameOf = (cargo: Cargo) =>
    cargo.signal === 'spans'
      ? [`${cargo.trace.spans[0]?.traceId} ${String(cargo.trace.spans[0]?.attributes['startup.attempt'])}`]
      : [];
  const deliver: Shipping['deliver'] = async (cargos) => {
    told.push(...cargos.flatMap(nameOf));
    return cargos.map(() => ({ status: 'delivered' as const }));
  };
  return { shipping: { name: 'kept', deliver, close: async () => undefined }, told };
}

const answer = { startups, tally: new Map(), problems: [], lint: [] };

async function depsFor(read: RunDeps['read'] = async () => answer) {
  const scene = newScene({ url: 'http://127.0.0.1:9' });
  const { job, deps } = await runnable(scene, { read });
  await deps.shipping.close();
  const { shipping, told } = keeping();
  return { job, told, deps: { ...deps, shipping } };
}

const WHOLE: Slice = { from: at('2026-11-22T01:30:00Z'), to: at('2026-11-22T02:10:00Z') };

const endOf = ({ end }: Startup): Instant => (isUnknown(end) ? instant(0n) : end.at);

/** Pods whose last attempt ends first. */
const lastOf = (uid: string): Instant =>
  startups
    .filter(({ pod }) => pod.uid === uid)
    .map(endOf)
    .reduce((a, b) => (a > b ? a : b));

const byEnd = (a: Startup, b: Startup): number => (lastOf(a.pod.uid) < lastOf(b.pod.uid) ? -1 : 1);

const traceIdOf = (uid = ''): string => createHash('md5').update(uid).digest('hex');

describe('a window', () => {
  it('any cut of time tells each attempt in exactly one slice', async () => {
    const length = Number((WHOLE.to - WHOLE.from) / SECOND);
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: length - 1 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (inner) => {
        const edges = [0, ...inner.toSorted((a, b) => a - b), length];
        const all: string[] = [];
        for (const [index, edge] of edges.slice(1).entries()) {
          const moment = (offset: number) => instant(WHOLE.from + BigInt(offset) * SECOND);
          const { job, deps, told } = await depsFor();
          await backfillSlice({ from: moment(edges[index] ?? 0), to: moment(edge) }, job, deps);
          all.push(...told);
        }
        expect(all).toHaveLength(startups.length);
        expect(new Set(all).size).toBe(startups.length);
      }),
      { numRuns: 20 },
    );
  });

  const tell = async (window: Slice, open: readonly OpenPod[] = []) => {
    const { job, deps, told } = await depsFor();
    const acquired = await acquireLease(deps.ledger, 'test', job.terms);
    if (acquired.status !== 'acquired') throw new Error(acquired.status);
    const letters = deadLetters(deps.ledger);
    const opened = new Map(open.map((pod) => [pod.uid, pod]));
    const work = { ...job, lease: acquired.lease, window, open: opened, counter: newCounter() };
    await tellWindow({ ...work, letters, note: () => undefined }, deps);
    return told;
  };

  const restarted = startups.filter(({ pod }) => pod.namespace === 's-d-crashloop');
  const [first, last] = [restarted[0], restarted.at(-1)];
  const uid = first?.pod.uid ?? '';
  const onlyLast: Slice = { from: last === undefined ? LATER : endOf(last), to: WHOLE.to };
  it('attempts before it are not told again, by what may be cut logs', async () => {
    expect(restarted.length).toBeGreaterThan(2);
    const told = await tell({ from: onlyLast.from, to: instant(onlyLast.from + 1n) });
    expect(told).toHaveLength(1);
  });

  it('those of a pod that was left open are, wherever they ended', async () => {
    const seen = { first_evidence: WHOLE.from, last_evidence: WHOLE.from };
    const opened = { uid, source: 'analyze', ...seen, why: 'parked', digest: 'x' };
    const empty = { from: at('2026-11-22T02:50:00Z'), to: at('2026-11-22T02:55:00Z') };
    expect(await tell(empty)).toEqual([]);
    expect(await tell(empty, [opened])).toHaveLength(restarted.length);
  });

  it('the pods that ended first go first', async () => {
    const told = await tell(WHOLE);
    const [oldest, youngest] = [startups.toSorted(byEnd)[0], startups.toSorted(byEnd).at(-1)];
    expect(told[0]).toContain(traceIdOf(oldest?.pod.uid));
    expect(told.filter((name) => name.endsWith(' 0')).at(-1)).toContain(traceIdOf(youngest?.pod.uid));
    expect(told).toHaveLength(startups.length);
  });
});

// Runs that overlap, oversleep, run out of time, or come twice: scenarios 11, 12, 13 and 30.

import { beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../../lib/analyze.ts';
import type { RunDeps, RunTold } from '../../lib/analyze-types.ts';
import { backfillSlice, planBackfill } from '../../lib/backfill.ts';
import { formatInstant } from '../../lib/base/instant.ts';
import type { Slice } from '../../lib/ledger/window.ts';
import type { Startup } from '../../lib/model/startup.ts';
import { sink, taken } from '../exporters/sink.ts';
import { expectDelivered, missingPoints, pointsIn, pointsOf } from './delivered.ts';
import {
  at,
  minutes,
  openScene,
  pass,
  RECORDINGS,
  readScene,
  recover,
  runnable,
  runOnce,
  type Scene,
  targetOf,
  toldBy,
} from './scene.ts';

let startups: readonly Startup[] = [];
beforeAll(async () => {
  startups = await toldBy(RECORDINGS);
});

const WINDOW: Slice = { from: at('2026-11-22T01:00:00Z'), to: at('2026-11-22T02:50:00Z') };

/** The scene's own reading, with something that happens before each. */
async function reading(
  scene: Scene,
  happens: (window: Slice) => void | Promise<void>,
): Promise<{ readonly read: RunDeps['read'] }> {
  const { deps } = await runnable(scene);
  return {
    read: async (window) => {
      await happens(window);
      return readScene(scene, deps.ledger, window);
    },
  };
}

async function backfill(scene: Scene, slice: Slice, read?: RunDeps['read']): Promise<RunTold> {
  const { job, deps } = await runnable(scene, read === undefined ? {} : { read });
  const told = await backfillSlice(slice, job, deps);
  await deps.shipping.close();
  return told;
}

describe('scenario 11: time runs out in the middle', () => {
  it('whole strides are left behind, the next run goes on, and no settled slice is read again', async () => {
    await using destination = await sink(taken);
    const scene = await openScene({ url: destination.url });
    scene.rhythm = { ...scene.rhythm, stride: minutes(40) };
    scene.longest = minutes(3);
    const windows: string[] = [];
    const slow = await reading(scene, ({ from }) => {
      windows.push(formatInstant(from));
      pass(scene, minutes(2));
    });
    const first = await runOnce(scene, slow);
    expect(first).toMatchObject({ status: 'partial', complete: false });
    expect(first.watermark?.to).toBeLessThan(targetOf(scene.clock));
    const runs = [first];
    while (runs.length < 4 && runs.at(-1)?.complete === false) runs.push(await runOnce(scene, slow));
    expect(runs.at(-1)?.complete).toBe(true);
    const settled = windows.filter((from) => from < '2026-11-22T01:30');
    expect(new Set(settled).size).toBe(settled.length);
    expect((await recover(scene)).at(-1)).toMatchObject({
      status: 'ok',
      watermark: { to: targetOf(scene.clock) },
    });
    expectDelivered(destination.received, startups);
  });
});

describe('scenario 12: two at once', () => {
  it('of one source: one has the lease, the other goes away', async () => {
    await using destination = await sink(taken);
    const scene = await openScene({ url: destination.url });
    let second: RunTold | undefined;
    const told = await runOnce(
      scene,
      await reading(scene, async () => {
        second ??= await runOnce(scene);
      }),
    );
    expect(second).toMatchObject({ status: 'skipped', counts: {} });
    expect(told.status).toBe('ok');
    expectDelivered(destination.received, startups);
  });

  it('without a common lease, and with a backfill of the same window: nothing is counted twice', async () => {
    await using destination = await sink(taken);
    const scene = await openScene({ url: destination.url });
    const other = await runnable({ ...scene, source: 'other' }, { run: 'other' });
    await Promise.all([
      runOnce(scene),
      analyze(other.job, other.deps),
      ...planBackfill(WINDOW, minutes(60)).slices.map((slice) => backfill(scene, slice)),
    ]);
    expect(missingPoints(destination.received, startups)).toBe(0);
    expect((await recover(scene)).at(-1)).toMatchObject({
      status: 'ok',
      watermark: { to: targetOf(scene.clock) },
    });
    expectDelivered(destination.received, startups);
  });
});

describe('scenario 13: a holder of the lease that sleeps beyond its time', () => {
  it('sends nothing when it wakes, moves no watermark, and says so', async () => {
    await using destination = await sink(taken);
    const scene = await openScene({ url: destination.url });
    let next: RunTold | undefined;
    const asleep = await reading(scene, async () => {
      if (next !== undefined) return;
      pass(scene, minutes(20));
      next = await runOnce(scene);
    });
    const told = await runOnce(scene, asleep);
    expect(next).toMatchObject({ status: 'ok', watermark: { to: targetOf(scene.clock) } });
    expect(told).toMatchObject({ status: 'failed', complete: false });
    expect(told.watermark?.to).toBe(told.watermark?.from);
    expectDelivered(destination.received, startups);
    const [after] = await recover(scene);
    expect(after).toMatchObject({ status: 'ok', watermark: { to: targetOf(scene.clock) } });
    expectDelivered(destination.received, startups);
  });
});

describe('scenario 30: slices from a queue, some of them twice, one of them poison', () => {
  it('each is told once; only the poison fails, and is told when it can be read', async () => {
    await using destination = await sink(taken);
    const scene = await openScene({ url: destination.url });
    const { slices } = planBackfill(WINDOW, minutes(20));
    const poisoned = (slice: Slice): boolean => slice.from === at('2026-11-22T01:40:00Z');
    const broken: RunDeps['read'] = async () => ({
      startups: [],
      tally: new Map(),
      lint: [],
      problems: [
        { where: 's3', expected: 'the logs', came: 'AccessDenied', what: 'files.unreadable', asked: true },
      ],
    });
    const work = (slice: Slice) => backfill(scene, slice, poisoned(slice) ? broken : undefined);
    const told: RunTold[] = [];
    for (const slice of [...slices, ...slices]) told.push(await work(slice));
    const failed = told.filter(({ status }) => status === 'failed');
    expect(failed).toHaveLength(2);
    expect(failed[0]?.notes.join('\n')).toMatch(/expected the logs, got AccessDenied/);
    expect(told.filter(({ status }) => status === 'ok')).toHaveLength(2 * slices.length - 2);
    expect(pointsIn(destination.received).length).toBeLessThan(pointsOf(startups).length);
    for (const slice of slices.filter(poisoned)) expect((await backfill(scene, slice)).status).toBe('ok');
    expectDelivered(destination.received, startups);
  });
});

// A run that dies: before every single step that it makes, as a process at the named points, and unanswered.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../../lib/analyze.ts';
import { folderStore } from '../../lib/ledger/folder-store.ts';
import type { Startup } from '../../lib/model/startup.ts';
import { type Reply, type Sink, sink, taken } from '../exporters/sink.ts';
import { memoryStore } from '../ledger/memory-store.ts';
import { expectedSpans, missingPoints, spansIn } from './delivered.ts';
import type { DyingAnalyze } from './dying-analyze.ts';
import { LATER, openScene, recover, runnable, type Scene, targetOf, toldBy } from './scene.ts';
import { steppedShipping, steppedStore } from './steps.ts';

const RECORDINGS = ['crashloop'] as const;

/** The destination's name has a hash of its address. */
const PORT = /-[0-9a-f]{8}\.json$/;

class Died extends Error {}

/** Runs until the step with this number, and no further: of what comes after nothing is done. */
async function dieBefore(scene: Scene, step: number): Promise<readonly string[]> {
  const steps: string[] = [];
  const watch = (label: string): void => {
    steps.push(label);
    if (steps.length >= step) throw new Died(label);
  };
  const { job, deps } = await runnable(scene, { run: 'dying', store: steppedStore(scene.store, watch) });
  try {
    await analyze(job, { ...deps, shipping: steppedShipping(deps.shipping, watch) });
  } catch (error) {
    if (!(error instanceof Died)) throw error;
  } finally {
    await deps.shipping.close();
  }
  return steps;
}

/** Points whose fate the runs say they do not know. */
const ambiguousIn = (runs: Awaited<ReturnType<typeof recover>>): number =>
  runs.reduce((sum, { counts }) => sum + (counts['metrics.ambiguous'] ?? 0), 0);

async function expectConverged(scene: Scene, destination: Sink, startups: readonly Startup[]) {
  const runs = await recover(scene);
  expect(runs.length).toBeLessThanOrEqual(3);
  expect(runs.at(-1)).toMatchObject({ status: 'ok', watermark: { to: targetOf(scene.clock) } });
  expect(spansIn(destination.received)).toEqual(expectedSpans(startups));
  expect(missingPoints(destination.received, startups)).toBeLessThanOrEqual(ambiguousIn(runs));
  return { runs, missing: missingPoints(destination.received, startups) };
}

let startups: readonly Startup[] = [];
beforeAll(async () => {
  startups = await toldBy(RECORDINGS);
});

describe('scenario 10: a run that is killed', () => {
  it('before every single request to store and destination: all is told by at most three more', async () => {
    await using unused = await sink(taken);
    const whole = await dieBefore(
      await openScene({ url: unused.url, recordings: RECORDINGS, store: memoryStore() }),
      Number.POSITIVE_INFINITY,
    );
    for (const step of whole.keys()) {
      await using destination = await sink(taken);
      const scene = await openScene({ url: destination.url, recordings: RECORDINGS });
      const steps = await dieBefore(scene, step + 1);
      expect(steps[step]?.replace(PORT, '')).toBe(whole[step]?.replace(PORT, ''));
      await expectConverged(scene, destination, startups);
    }
    expect(whole.length).toBeGreaterThan(40);
  });

  const POINTS = [
    ['after the lease', 'get v1/watermark/'],
    ['before it reads', 'list v1/evidence/'],
    ['before the pending entry', 'create v1/ledger/'],
    ['before the sending of spans', 'send spans'],
    ['before the sending of points', 'send metrics'],
    ['before what came of it is written', 'replace v1/ledger/'],
    ['before the slice is recorded', 'create v1/slices/'],
    ['before the watermark', 'create v1/watermark-before/'],
    ['before the report', 'create v1/runs/'],
  ] as const;

  it.each(POINTS)('as a process, by SIGKILL, %s', async (_, before) => {
    await using destination = await sink(taken);
    await using place = await folder(destination);
    expect(await ended(start(place.scene, { before, folder: place.path }))).toBe('SIGKILL');
    await expectConverged(place.scene, destination, startups);
  });

  const HELD = [
    ['spans', '/v1/traces'],
    ['metrics', '/v1/metrics'],
  ] as const;

  it.each(HELD)(
    'as a process, while the destination has its %s and has not answered',
    async (signal, path) => {
      let kill = (): void => undefined;
      const hold: Reply = (received, response) => {
        if (received.path === path) kill();
        else taken(received, response);
      };
      const answers = signal === 'spans' ? [hold, taken] : [taken, hold, taken];
      await using destination = await sink(...answers);
      await using place = await folder(destination);
      const child = start(place.scene, { folder: place.path });
      kill = () => child.kill('SIGKILL');
      expect(await ended(child)).toBe('SIGKILL');
      const { runs, missing } = await expectConverged(place.scene, destination, startups);
      // They had arrived, and are not sent again; nobody can know, so they are counted.
      expect(missing).toBe(0);
      expect(ambiguousIn(runs)).toEqual(signal === 'metrics' ? expect.any(Number) : 0);
      if (signal === 'metrics') expect(ambiguousIn(runs)).toBeGreaterThan(0);
    },
  );
});

interface Place extends AsyncDisposable {
  readonly path: string;
  readonly scene: Scene;
}

async function folder({ url }: Sink): Promise<Place> {
  const path = mkdtempSync(join(tmpdir(), 'coldtrace-faults-'));
  const store = folderStore(path);
  const scene = await openScene({ url, recordings: RECORDINGS, store });
  const remove = async (): Promise<void> => {
    store.close();
    rmSync(path, { recursive: true });
  };
  return { path, scene, [Symbol.asyncDispose]: remove };
}

function start({ url, recordings }: Scene, more: Pick<DyingAnalyze, 'before' | 'folder'>) {
  const order: DyingAnalyze = { url, recordings, now: String(LATER), ...more };
  return spawn(process.execPath, ['test/faults/dying-analyze.ts', JSON.stringify(order)], {
    stdio: 'ignore',
  });
}

async function ended(child: ReturnType<typeof start>): Promise<unknown> {
  const [code, signal] = await once(child, 'exit');
  return signal ?? code;
}

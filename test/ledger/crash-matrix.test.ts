// A run killed (kill -9) before every single request that it makes, and while the destination holds its answer.
//
// Real processes, a real destination that counts. Afterwards at most three more runs find everything:
// spans at least once, with the same ids; metrics once, or counted as ambiguous.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Instant, instant, SECOND } from '../../lib/base/instant.ts';
import { entryFile, type Signal } from '../../lib/ledger/export-entry.ts';
import { readState } from '../../lib/ledger/state-file.ts';
import { BUCKET, type Bucket, HAS_VERSITYGW, startVersitygw } from '../servers/real-versitygw.ts';
import { type DyingRun, dyingRun } from './dying-run.ts';
import { type Place, storeAt } from './places.ts';
import { PODS, partsOf, TARGET } from './whole-run.ts';

const FIRST_RUN = Number(TARGET / SECOND) + 120;

interface Sink extends AsyncDisposable {
  readonly url: string;
  /** How often each part arrived. */
  readonly arrived: ReadonlyMap<string, number>;
  /** Instead of answering the n-th request. */
  holdAt: { readonly request: number; readonly instead: () => void } | undefined;
}

async function openSink(): Promise<Sink> {
  const arrived = new Map<string, number>();
  let requests = 0;
  const server = createServer(async (request, response) => {
    const parts = (await json(request)) as string[];
    for (const part of parts) arrived.set(part, (arrived.get(part) ?? 0) + 1);
    requests += 1;
    if (sink.holdAt?.request === requests) sink.holdAt.instead();
    else response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sink: Sink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    holdAt: undefined,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return sink;
}

function startChild(run: DyingRun): ChildProcess {
  return spawn(process.execPath, ['test/ledger/dying-run.ts', JSON.stringify(run)], { stdio: 'ignore' });
}

/** Resolves to the signal that ended it. */
async function killed(child: ChildProcess): Promise<unknown> {
  const [, signal] = await once(child, 'exit');
  return signal;
}

const partNames = (signal: Signal): readonly string[] =>
  PODS.flatMap((pod) => Object.keys(partsOf(pod, signal)));

async function unsureParts(place: Place): Promise<readonly string[]> {
  const ledger = { store: storeAt(place), run: 'look', now: (): Instant => instant(0n), newId: () => 'none' };
  const each = PODS.map(async ({ uid }) => {
    const key = { uid, attempt: 0, signal: 'metrics', destination: 'sink' } as const;
    const read = await readState(ledger, entryFile(key));
    return read.status === 'found' ? Object.keys(read.value.unsure) : [];
  });
  return (await Promise.all(each)).flat();
}

interface Outcome {
  readonly runs: number;
  readonly spansMissing: readonly string[];
  readonly metricsTwice: readonly string[];
  /** Neither there nor counted. */
  readonly metricsLost: readonly string[];
  readonly ambiguous: number;
}

async function recover(place: Place, sink: Sink): Promise<Outcome> {
  let runs = 0;
  for (let end = ''; end !== 'done' && runs < 3; runs += 1) {
    const now = FIRST_RUN + 120 * (runs + 1);
    ({ end } = await dyingRun({ place, sink: sink.url, run: `after-${runs}`, now }));
    if (runs === 2) expect(end).toBe('done');
  }
  const count = (part: string): number => sink.arrived.get(part) ?? 0;
  const unsure = await unsureParts(place);
  const metrics = partNames('metrics');
  return {
    runs,
    spansMissing: partNames('spans').filter((part) => count(part) === 0),
    metricsTwice: metrics.filter((part) => count(part) > 1),
    metricsLost: metrics.filter((part) => count(part) === 0 && !unsure.includes(part)),
    ambiguous: unsure.length,
  };
}

const RIGHT = { spansMissing: [], metricsTwice: [], metricsLost: [] };

/** Kills a run before step `dieBefore`, then recovers. */
async function dieAt(place: Place, dieBefore: number): Promise<Outcome> {
  await using sink = await openSink();
  const child = startChild({ place, sink: sink.url, run: 'dying', now: FIRST_RUN, dieBefore });
  expect(await killed(child)).toBe('SIGKILL');
  // Awaited here: the destination must outlive it.
  return await recover(place, sink);
}

/** Kills it when the destination has what it sent for the n-th time, and has not answered. */
async function dieUnanswered(place: Place, request: number): Promise<Outcome> {
  await using sink = await openSink();
  const child = startChild({ place, sink: sink.url, run: 'dying', now: FIRST_RUN });
  sink.holdAt = { request, instead: () => child.kill('SIGKILL') };
  expect(await killed(child)).toBe('SIGKILL');
  // Awaited here: the destination must outlive it.
  return await recover(place, sink);
}

async function stepsOf(place: Place): Promise<readonly string[]> {
  await using sink = await openSink();
  const { end, steps } = await dyingRun({ place, sink: sink.url, run: 'whole', now: FIRST_RUN });
  expect(end).toBe('done');
  expect([...sink.arrived.values()]).toEqual(Array(8).fill(1));
  return steps;
}

describe('a folder', () => {
  const root = mkdtempSync(join(tmpdir(), 'coldtrace-crash-'));
  const place = (name: string): Place => ({ kind: 'folder', path: join(root, name) });
  afterAll(() => rmSync(root, { recursive: true }));

  it('converges wherever a run was killed', async () => {
    const steps = await stepsOf(place('whole'));
    expect(steps.length).toBeGreaterThan(25);
    const ambiguous: string[] = [];
    for (const [index, step] of steps.entries()) {
      const outcome = await dieAt(place(`step-${index}`), index + 1);
      expect({ step, ...outcome }).toMatchObject({ step, ...RIGHT });
      if (outcome.ambiguous > 0) ambiguous.push(step);
    }
    // Only between "pending" and "sent" of metrics is anything unknown; without that the test would prove nothing.
    expect(ambiguous).toEqual(
      steps.filter((step) => / metrics$/.test(step) || /^replace .*metrics/.test(step)),
    );
  }, 180_000);

  it.each([1, 2, 3, 4])(
    'converges when killed while answer %i is awaited',
    async (request) => {
      const outcome = await dieUnanswered(place(`unanswered-${request}`), request);
      expect(outcome).toMatchObject({ ...RIGHT, ambiguous: request % 2 === 0 ? 2 : 0 });
    },
    60_000,
  );
});

describe.skipIf(!HAS_VERSITYGW)('S3: versitygw 1.8.0 (build it with .ci/servers/versitygw.sh)', () => {
  let bucket: Bucket;
  const place = (name: string): Place => ({
    kind: 's3',
    bucket: BUCKET,
    prefix: `${name}/`,
    settings: bucket.settings,
  });
  beforeAll(async () => {
    bucket = await startVersitygw();
  }, 30_000);
  afterAll(() => bucket.remove());

  it.each([
    ['with the lease', /^get v1\/watermark\//],
    ['with pending spans', /^send aaaa-1 spans/],
    ['with spans sent', /^replace .*aaaa-1\/0-spans/],
    ['with pending metrics', /^send aaaa-1 metrics/],
    ['with metrics sent', /^replace .*aaaa-1\/0-metrics/],
    ['before the slice is done', /^create v1\/slices/],
    ['before the watermark', /^replace v1\/watermark\//],
  ])(
    'converges when killed %s',
    async (name, at) => {
      const steps = await stepsOf(place(`whole ${name}`.replaceAll(' ', '-')));
      const dieBefore = steps.findIndex((step) => at.test(step)) + 1;
      expect(dieBefore).toBeGreaterThan(0);
      expect(await dieAt(place(name.replaceAll(' ', '-')), dieBefore)).toMatchObject(RIGHT);
    },
    60_000,
  );
});

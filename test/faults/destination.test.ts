// A destination that fails: scenarios 16 to 21 and 25.

import { beforeAll, describe, expect, it } from 'vitest';
import { RHYTHM } from '../../lib/analyze.ts';
import type { RunTold } from '../../lib/analyze-types.ts';
import { seconds } from '../../lib/base/instant.ts';
import { openPods } from '../../lib/ledger/open-pods.ts';
import type { Startup } from '../../lib/model/startup.ts';
import { type Received, type Reply, reply, sink, taken } from '../exporters/sink.ts';
import { memoryStore } from '../ledger/memory-store.ts';
import { expectDelivered, expectedSpans, missingPoints, pointsIn, pointsOf, spansIn } from './delivered.ts';
import {
  at,
  ledgerOf,
  minutes,
  openScene,
  pass,
  RECORDINGS,
  recover,
  runOnce,
  type Scene,
  targetOf,
  toldBy,
} from './scene.ts';

let startups: readonly Startup[] = [];
beforeAll(async () => {
  startups = await toldBy(RECORDINGS);
});

/** What arrived and was answered with success. */
const until = (received: readonly Received[], path: string): readonly Received[] =>
  received.filter((each) => each.path === path);

const isTraces = ({ path }: Received): boolean => path === '/v1/traces';

function expectConverged(scene: Scene, runs: readonly RunTold[]): void {
  expect(runs.at(-1)).toMatchObject({ status: 'ok', watermark: { to: targetOf(scene.clock) } });
}

const openCount = async (scene: Scene): Promise<number> => {
  const read = await openPods(ledgerOf(scene, 'look'));
  return read.status === 'pods' ? read.pods.length : Number.NaN;
};

/** Not taken in any form. */
const lost: Reply = (_, response) => response.destroy();

describe('scenario 16: told to wait', () => {
  const now = new Date();
  const httpDate = (more: number): string => new Date(now.getTime() + more * 1000).toUTCString();
  const WAITS = [
    ['429, Retry-After in seconds', reply(429, '', { 'retry-after': '3' }), [3]],
    // The SDK goes by the clock of the machine, we by the answer's own.
    ['429, Retry-After as a date', reply(429, '', { date: httpDate(60), 'retry-after': httpDate(67) }), [7]],
    // The SDK itself tries again, a second later.
    ['503 without a header', reply(503), []],
  ] as const;

  it.each(WAITS)('%s: it waits as told, and all arrives in this run', async (_, refusal, wait) => {
    await using destination = await sink(refusal, taken);
    const scene = await openScene({ url: destination.url });
    const told = await runOnce(scene);
    expect(scene.waits.map((time) => Number(time) / 1e9)).toEqual(wait);
    expectConverged(scene, [told]);
    expectDelivered(destination.received.slice(1), startups);
  });

  it('for longer than a run waits: parked, partial, not asked before its time, then delivered', async () => {
    await using destination = await sink(reply(429, '', { 'retry-after': '2400' }), taken);
    const scene = await openScene({ url: destination.url });
    const first = await runOnce(scene);
    expect(first).toMatchObject({ status: 'partial', complete: true });
    expect(first.counts['spans.parked']).toBeGreaterThan(0);
    expect(scene.waits).toEqual([]);
    const after1 = destination.received.filter(isTraces).length;
    pass(scene, minutes(20));
    await runOnce(scene);
    expect(destination.received.filter(isTraces)).toHaveLength(after1);
    pass(scene, minutes(21));
    const runs = [await runOnce(scene)];
    expectConverged(scene, runs);
    expect(spansIn(destination.received.slice(1))).toEqual(expectedSpans(startups));
    expect(pointsIn(destination.received.filter((each) => !isTraces(each)))).toEqual(pointsOf(startups));
    expect(await openCount(scene)).toBe(0);
  });
});

/** ExportTraceServiceResponse: 7 spans rejected. */
const REJECTED = Buffer.from([0x0a, 0x02, 0x08, 0x07]);

describe('scenario 17: 200 with a partial success', () => {
  it('is not sent again; seven are counted, and the run is partial', async () => {
    await using destination = await sink(reply(200, REJECTED), taken);
    const scene = await openScene({ url: destination.url });
    const told = await runOnce(scene);
    expect(told.status).toBe('partial');
    expect(told.counts['spans.rejected']).toBe(7);
    expect(told.counts['spans.sent']).toBe(expectedSpans(startups).length - 7);
    const requests = destination.received.length;
    const runs = await recover(scene);
    expectConverged(scene, runs);
    expect(destination.received).toHaveLength(requests);
  });
});

const POISON = 'crashloop';

describe('scenario 18: one span that makes every batch a bad request', () => {
  it('is found by halving; all others arrive', async () => {
    const poison = expectedSpans(await toldBy([POISON]))[0]?.split(' ')[0] ?? '';
    const refuse: Reply = (received, response) => {
      const isBad = received.spans.some(({ traceId, spanId }) => `${traceId}/${spanId}` === poison);
      (isBad ? reply(400, 'bad span') : taken)(received, response);
    };
    await using destination = await sink(refuse);
    const scene = await openScene({ url: destination.url });
    const told = await runOnce(scene);
    expect(told.status).toBe('partial');
    expect(told.counts['spans.rejected']).toBe(1);
    const whole = destination.received.filter(
      ({ spans }) => !spans.some(({ traceId, spanId }) => `${traceId}/${spanId}` === poison),
    );
    const others = expectedSpans(startups).filter((span) => !span.startsWith(poison));
    expect(spansIn(whole)).toEqual(others);
    expect(pointsIn(destination.received)).toEqual(pointsOf(startups));
    expect(told.notes.join('\n')).toMatch(/HTTP 400: bad span/);
    expect(told.counts['dead_letters.laid']).toBe(1);
    expectConverged(scene, await recover(scene));
  });
});

describe('scenario 19: the key is refused', () => {
  it.each([401, 403])(
    '%d: asked once for each signal, nothing counts as sent; all arrives with the right key',
    async (status) => {
      let isRight = false;
      const gate: Reply = (received, response) =>
        (isRight ? taken : reply(status, 'no such key'))(received, response);
      await using destination = await sink(gate);
      const scene = await openScene({ url: destination.url });
      const told = await runOnce(scene);
      expect(told.status).toBe('partial');
      expect(told.counts['spans.sent']).toBeUndefined();
      expect(told.counts['metrics.sent']).toBeUndefined();
      expect(scene.waits).toEqual([]);
      expect(destination.received.length).toBe(2);
      expect(told.notes.join('\n')).toMatch(new RegExp(`HTTP ${status}`));
      // The watermark may follow: every pod is written down as open.
      expect(await openCount(scene)).toBe(new Set(startups.map(({ pod }) => pod.uid)).size);
      const refused = destination.received.length;
      isRight = true;
      expectConverged(scene, await recover(scene));
      expectDelivered(destination.received.slice(refused), startups);
    },
  );
});

describe('scenario 20: the connection breaks after the request has arrived', () => {
  it('spans: sent again with the same ids', async () => {
    let broken = 0;
    const first: Reply = (received, response) => {
      if (isTraces(received)) broken += 1;
      (isTraces(received) && broken <= 8 ? lost : taken)(received, response);
    };
    await using destination = await sink(first);
    const scene = await openScene({ url: destination.url });
    const runs = [await runOnce(scene), ...(await recover(scene))];
    expectConverged(scene, runs);
    expectDelivered(destination.received, startups);
    expect(until(destination.received, '/v1/traces').length).toBeGreaterThan(1);
  });

  it('points: not sent again, but counted as ambiguous', async () => {
    let broken = 0;
    const first: Reply = (received, response) => {
      if (!isTraces(received)) broken += 1;
      (!isTraces(received) && broken === 1 ? lost : taken)(received, response);
    };
    await using destination = await sink(first);
    const scene = await openScene({ url: destination.url });
    const told = await runOnce(scene);
    const [arrived] = destination.received.filter((each) => !isTraces(each));
    expect(told.status).toBe('partial');
    expect(told.counts['metrics.ambiguous']).toBe(arrived?.points.length);
    expectConverged(scene, await recover(scene));
    expectDelivered(destination.received, startups);
  });
});

describe('scenario 21: the destination is away for six hours', () => {
  it('state stays small, all is told oldest first, and no point that is too old goes out unsaid', async () => {
    let isAway = true;
    const gate: Reply = (received, response) => (isAway ? reply(503) : taken)(received, response);
    await using destination = await sink(gate);
    const store = memoryStore();
    const recordings = ['crashloop', 'vllm-cold-image'] as const;
    const scene = await openScene({ url: destination.url, store, recordings });
    scene.timeout = seconds(0.3);
    const sizes: number[] = [];
    for (let run = 0; run < 72; run += 1) {
      const told = await runOnce(scene);
      expect(told).toMatchObject({ status: 'partial', watermark: { to: targetOf(scene.clock) } });
      scene.clock = targetOf(scene.clock);
      pass(scene, minutes(8));
      sizes.push([...store.objects.keys()].filter((key) => !/^v1\/(?:runs|slices)\//.test(key)).length);
    }
    // A report and a slice for each run, which a lifecycle rule removes; nothing else grows.
    expect(new Set(sizes.slice(1)).size).toBe(1);
    const away = destination.received.length;
    isAway = false;
    scene.timeout = seconds(5);
    expectConverged(scene, await recover(scene));
    expectDelivered(destination.received.slice(away), await toldBy(recordings));
    expect(await openCount(scene)).toBe(0);
  });

  it('where points must be young, those that are too old by then stay behind, counted', async () => {
    let isAway = true;
    const gate: Reply = (received, response) => (isAway ? reply(503) : taken)(received, response);
    await using destination = await sink(gate);
    const scene = await openScene({ url: destination.url, sending: { destination: 'datadog' } });
    scene.clock = at('2026-11-22T02:55:00Z');
    scene.timeout = seconds(0.3);
    const runs: RunTold[] = [];
    for (let run = 0; run < 6; run += 1) {
      runs.push(await runOnce(scene));
      pass(scene, minutes(60));
    }
    const away = destination.received.length;
    isAway = false;
    scene.timeout = seconds(5);
    runs.push(...(await recover(scene)));
    const received = destination.received.slice(away);
    expect(spansIn(received)).toEqual(expectedSpans(startups));
    expect(pointsIn(received)).toEqual([]);
    expect(runs.reduce((sum, { counts }) => sum + (counts['metrics.too_old'] ?? 0), 0)).toBe(
      pointsOf(startups).length,
    );
  });
});

describe('scenario 25: older than the destination takes', () => {
  const outcome = async (tooOld: 'refuse' | 'skip' | 'send' | 'gauge', clock: string) => {
    await using destination = await sink(taken);
    const scene = await openScene({
      url: destination.url,
      clock: at(clock),
      sending: { destination: 'datadog', tooOld },
    });
    scene.rhythm = { ...RHYTHM, lookBack: minutes(48 * 60) };
    const told = await runOnce(scene);
    return { told, received: [...destination.received] };
  };

  it('points of more than an hour: not sent, counted, the run partial', async () => {
    const { told, received } = await outcome('refuse', '2026-11-22T06:00:00Z');
    expect(spansIn(received)).toEqual(expectedSpans(startups));
    expect(pointsIn(received)).toEqual([]);
    expect(told).toMatchObject({ status: 'partial' });
    expect(told.counts['metrics.too_old']).toBe(pointsOf(startups).length);
  });

  it('spans of more than 18 hours: not sent, counted, the run partial', async () => {
    const { told, received } = await outcome('skip', '2026-11-23T06:00:00Z');
    expect(received).toEqual([]);
    expect(told).toMatchObject({ status: 'partial' });
    expect(told.counts['spans.too_old']).toBe(expectedSpans(startups).length);
  });

  it('send: all of it goes, as was asked for', async () => {
    const { received } = await outcome('send', '2026-11-23T06:00:00Z');
    expect(missingPoints(received, startups)).toBe(0);
    expect(spansIn(received)).toEqual(expectedSpans(startups));
  });

  it('gauge: what may be old goes as a gauge', async () => {
    const { received } = await outcome('gauge', '2026-11-22T06:00:00Z');
    const kinds = new Set(received.flatMap(({ points }) => points.map(({ value }) => value.kind)));
    expect([...kinds].sort()).toEqual(['counter', 'gauge']);
  });
});

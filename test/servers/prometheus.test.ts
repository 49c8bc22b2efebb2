// Points that are added up: what Prometheus would scrape after several runs has lost nothing.
//
// Skipped where .ci/servers/otelcol.sh has not been run (or COLDTRACE_OTELCOL names no binary).

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Instant, instant, seconds } from '../../lib/base/instant.ts';
import { otlpHttpPoints } from '../../lib/exporters/otlp-http.ts';
import { podUid } from '../../lib/model/ids.ts';
import type { MetricPoint } from '../../lib/model/metric.ts';
import type { Startup } from '../../lib/model/startup.ts';
import { accumulatedPoints, endsOf, rawPoints } from '../../lib/telemetry/points/to-points.ts';
import { moment, phase, READY, startup } from '../telemetry/sample-startups.ts';
import { type Collector, HAS_COLLECTOR, startCollector } from './real-collector.ts';

let collector: Collector;

beforeEach(async () => {
  if (HAS_COLLECTOR) collector = await startCollector();
}, 30_000);

afterEach(async () => {
  if (HAS_COLLECTOR) await collector.remove();
});

/** Half an hour ago, in whole seconds: the exporter expires what is old. */
const BEGIN = BigInt(Math.floor(Date.now() / 1000) - 1800) * 1_000_000_000n;
const at = (offset: number): Instant => instant(BEGIN + BigInt(offset) * 1_000_000_000n);

let made = 0;

/** A start of model `model` that took so long, some time in the run that ends at `until`. */
function start(model: string, took: number, until: number): Startup {
  made += 1;
  return startup({
    pod: { ...READY.pod, uid: podUid(`pod-${made}`) },
    attributes: { model_name: model },
    attempt: 1,
    start: moment(at(until - took - 1)),
    end: moment(at(until - 1)),
    phases: [phase('vllm_init', at(until - took - 1), at(until - 1))],
  });
}

/** Three runs of five minutes; model b has nothing in the second. */
const RUNS: readonly (readonly Startup[])[] = [
  [start('a', 40, 300), start('b', 70, 300), start('a', 50, 300)],
  [start('a', 200, 600)],
  [start('a', 8, 900), start('b', 95, 900)],
];

async function deliver(points: readonly MetricPoint[]): Promise<void> {
  const settings = {
    url: `${collector.url}/v1/metrics`,
    protocol: 'http/protobuf' as const,
    headers: {},
    compression: 'none' as const,
    timeout: seconds(5),
  };
  const resource = { 'service.name': 'vllm-startup' };
  const exporter = otlpHttpPoints(settings, { sleep: async () => {}, random: () => 0 }, { resource });
  expect(await exporter.deliver(points)).toMatchObject([{ status: 'delivered' }]);
  await exporter.close();
}

/** `startup_vllm_init_duration_seconds_count` by model. */
async function scraped(suffix: string): Promise<Readonly<Record<string, number>>> {
  await sleep(200);
  const text = await (await fetch(collector.scrapeUrl)).text();
  const lines = text.matchAll(
    new RegExp(
      `^startup_vllm_init_duration_seconds_${suffix}\\{[^}]*model_name="(\\w)"[^}]*\\} (\\S+)`,
      'gm',
    ),
  );
  return Object.fromEntries([...lines].map(([, model, value]) => [model, Number(value)]));
}

describe.skipIf(!HAS_COLLECTOR)('the Prometheus exporter of the Collector', { timeout: 60_000 }, () => {
  it('joined intervals: counts and sums are those of all runs, also of a series that paused', async () => {
    let ends: ReadonlyMap<string, Instant> = new Map();
    for (const [index, startups] of RUNS.entries()) {
      const run = { start: at(index * 300), end: at((index + 1) * 300), ends };
      const { points } = accumulatedPoints(startups, run);
      await deliver(points);
      ends = endsOf(points, ends);
    }
    expect(await scraped('count')).toEqual({ a: 4, b: 2 });
    expect(await scraped('sum')).toEqual({ a: 40 + 50 + 200 + 8, b: 70 + 95 });
  });

  it('without the ends of each series the one that paused is reset: hence `ends`', async () => {
    for (const [index, startups] of RUNS.entries())
      await deliver(
        accumulatedPoints(startups, { start: at(index * 300), end: at((index + 1) * 300) }).points,
      );
    expect(await scraped('count')).toEqual({ a: 4, b: 1 });
  });

  it('a run delivered twice is not counted twice: the second does not join', async () => {
    const { points } = accumulatedPoints(RUNS[0] ?? [], { start: at(0), end: at(300) });
    await deliver(points);
    await deliver(points);
    expect(await scraped('count')).toEqual({ a: 2, b: 1 });
  });

  it('raw points lose some there: why they are not sent to it', async () => {
    await deliver(rawPoints(RUNS.flat()).points);
    const { a = 0 } = await scraped('count');
    expect(a).toBeLessThan(4);
  });
});

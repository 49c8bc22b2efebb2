// What every exporter keeps, whatever happens to it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { duration } from '../../lib/base/instant.ts';
import type { Exporter } from '../../lib/exporters/contract.ts';
import { EXPORTERS, type Opening } from '../../lib/exporters/index.ts';
import { otlpHttpExporter } from '../../lib/exporters/otlp-http.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { type Reply, reply, type Sink, sink, taken } from '../exporters/sink.ts';
import { BARE, FAILED, READY, SETTINGS } from '../telemetry/sample-startups.ts';

const TRACES = toTraces([FAILED, READY, BARE], SETTINGS);
const SPANS = TRACES.flatMap(({ spans }) => spans);

const otlpTo = (url: string): Exporter =>
  otlpHttpExporter(
    {
      url,
      protocol: 'http/protobuf',
      headers: { 'x-key': 'canary-4711' },
      compression: 'gzip',
      timeout: duration(200_000_000n),
    },
    { sleep: async () => {}, random: () => 0 },
    { items: 4, bytes: 1e6 },
  );

/** A destination of every mood; the answers say which. */
const MOODS: Readonly<Record<string, Reply>> = {
  'takes all': taken,
  'takes some': reply(200, Buffer.from('0a0708021203626164', 'hex')),
  'claims to reject more than it got': reply(200, '{"partialSuccess":{"rejectedSpans":"99"}}'),
  'is overloaded': reply(503),
  'calls it malformed': reply(400),
  'shuts the door': reply(403, 'canary-4711 has no access'),
  'is broken': reply(500),
  'hangs up': (_, response) => response.destroy(),
  'talks nonsense': reply(200, 'nonsense'),
  'says nothing': () => {},
};

const sinks: Sink[] = [];
const CASES: Record<string, () => Promise<Exporter> | Exporter> = {
  'OTLP to a destination that is not there': () => otlpTo('http://127.0.0.1:9/v1/traces'),
  'OTLP to a name that does not resolve': () => otlpTo('http://no-such-host.invalid/v1/traces'),
};

/** Every exporter of the room, as it is opened when nothing listens. */
const OPENING: Opening = {
  settings: {
    url: 'http://127.0.0.1:9/v1/traces',
    protocol: 'http/json',
    headers: {},
    compression: 'none',
    timeout: duration(200_000_000n),
  },
  patience: { sleep: async () => {}, random: () => 0 },
  say: () => {},
};

for (const [name, open] of Object.entries(EXPORTERS)) CASES[name] = () => open(OPENING);

for (const mood of Object.keys(MOODS)) {
  CASES[`OTLP to a destination that ${mood}`] = () =>
    otlpTo(sinks[Object.keys(MOODS).indexOf(mood)]?.url ?? '');
}

beforeAll(async () => {
  sinks.push(...(await Promise.all(Object.values(MOODS).map((mood) => sink(mood)))));
});

afterAll(async () => {
  await Promise.all(sinks.map((each) => each[Symbol.asyncDispose]()));
});

describe.each(Object.entries(CASES))('%s', (_, open) => {
  it('has a name, accounts for every span and trace once, claims no more rejections than spans, tells no secret', async () => {
    const exporter = await open();
    expect(exporter.name).not.toBe('');
    const outcomes = await exporter.deliver(TRACES);
    await exporter.close();
    expect(outcomes.reduce((sum, { spans }) => sum + spans, 0)).toBe(SPANS.length);
    expect(new Set(outcomes.flatMap(({ traces }) => traces))).toEqual(
      new Set(SPANS.map(({ traceId }) => traceId)),
    );
    for (const outcome of outcomes) {
      if (outcome.status !== 'delivered') expect(outcome.reason).not.toBe('');
      if (outcome.status === 'partial') expect(outcome.rejected).toBeLessThanOrEqual(outcome.spans);
    }
    const told = JSON.stringify([exporter.name, outcomes], (_key, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    expect(told).not.toContain('canary');
  });

  it('has nothing to say of nothing', async () => {
    const exporter = await open();
    expect(await exporter.deliver([])).toEqual([]);
    await exporter.close();
  });
});

it('only what was acknowledged is delivered', async () => {
  const statuses = await Promise.all(
    Object.keys(MOODS).map(async (mood) => {
      const exporter = await CASES[`OTLP to a destination that ${mood}`]?.();
      const outcomes = (await exporter?.deliver(TRACES)) ?? [];
      await exporter?.close();
      return [mood, [...new Set(outcomes.map(({ status }) => status))].join()];
    }),
  );
  expect(Object.fromEntries(statuses)).toEqual({
    'takes all': 'delivered',
    'takes some': 'partial',
    'claims to reject more than it got': 'partial',
    'is overloaded': 'retryable',
    'calls it malformed': 'refused',
    'shuts the door': 'refused',
    'is broken': 'refused',
    'hangs up': 'retryable',
    'talks nonsense': 'retryable',
    'says nothing': 'retryable',
  });
});

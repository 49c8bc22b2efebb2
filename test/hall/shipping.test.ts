// Cargos of many attempts as one delivery: what came of each, charged once.

import { describe, expect, it } from 'vitest';
import { rootOf } from '../../lib/attempt-exports.ts';
import { seconds } from '../../lib/base/instant.ts';
import type { ExportSettings } from '../../lib/export-settings.ts';
import { type Cargo, type Shipping, shippingTo } from '../../lib/shipping.ts';
import { type Reply, reply, sink, taken } from '../exporters/sink.ts';
import { expectedPoints, expectedTraces, settingsFor, toldBy } from '../faults/scene.ts';
import { aLedger } from '../ledger/a-ledger.ts';

const startups = await toldBy(['imagepullbackoff', 'sidecar', 'vllm-cold-image']);

const SPANS: readonly Cargo[] = startups.flatMap((startup) =>
  expectedTraces([startup]).map((trace) => ({ signal: 'spans' as const, trace })),
);
const POINTS: readonly Cargo[] = startups.map((startup) => ({
  signal: 'metrics',
  points: expectedPoints([startup]),
  root: rootOf(startup),
}));

async function ship(url: string, cargos: readonly Cargo[], settings: ExportSettings = settingsFor()) {
  const patience = { sleep: async () => undefined, random: () => 0 };
  const common = {
    protocol: 'http/protobuf',
    headers: {},
    compression: 'none',
    timeout: seconds(2),
  } as const;
  const traces = { url: `${url}/v1/traces`, ...common };
  const metrics = { url: `${url}/v1/metrics`, ...common };
  const shipping: Shipping = await shippingTo({ traces, metrics, dryRun: false }, settings, {
    ledger: aLedger(),
    patience,
  });
  const outcomes = await shipping.deliver(cargos);
  await shipping.close();
  return { outcomes, shipping };
}

const statuses = (outcomes: readonly { readonly status: string }[]) => outcomes.map(({ status }) => status);
const lost: Reply = (_, response) => response.destroy();
/** An answer to each kind: nine of a batch refused. */
const nine: Reply = reply(200, Buffer.from([0x0a, 0x02, 0x08, 0x09]));

describe('shippingTo', () => {
  it('all arrives in one request for each signal', async () => {
    await using destination = await sink(taken);
    const { outcomes } = await ship(destination.url, [...SPANS, ...POINTS]);
    expect(new Set(statuses(outcomes))).toEqual(new Set(['delivered']));
    expect(destination.received.map(({ path }) => path)).toEqual(['/v1/traces', '/v1/metrics']);
  });

  it.each([
    ['spans', SPANS],
    ['points', POINTS],
  ])('%s refused in part: charged once, to nobody beyond his own', async (_, cargos) => {
    await using destination = await sink(nine);
    const { outcomes } = await ship(destination.url, cargos);
    const rejected = outcomes.map((outcome) => (outcome.status === 'partial' ? outcome.rejected : 0));
    expect(rejected.reduce((a, b) => a + b, 0)).toBe(9);
    for (const [index, count] of rejected.entries()) {
      const cargo = cargos[index];
      const size = cargo?.signal === 'spans' ? cargo.trace.spans.length : (cargo?.points.length ?? 0);
      expect(count).toBeLessThanOrEqual(size);
    }
  });

  it.each([
    ['a shut door', 'unsent', 'unsent', reply(401)],
    ['a busy one', 'unsent', 'unsent', reply(429, '', { 'retry-after': '3600' })],
    ['a bad request', 'refused', 'refused', reply(422)],
    ['an answer that is lost', 'unsent', 'unknown', lost],
  ] as const)('%s: spans are %s there, points %s', async (_, spans, points, answer) => {
    await using destination = await sink(answer);
    const { outcomes } = await ship(destination.url, [...SPANS, ...POINTS]);
    expect(new Set(statuses(outcomes.slice(0, SPANS.length)))).toEqual(new Set([spans]));
    expect(new Set(statuses(outcomes.slice(SPANS.length)))).toEqual(new Set([points]));
  });

  const busy = reply(429, '', { 'retry-after': '3600' });

  it.each([
    // What comes after the first of these is not asked.
    ['one half unanswered', 'unknown', [reply(413), lost]],
    ['one half told to wait', 'unsent', [reply(413), busy]],
    ['one half taken, the other told to wait', 'unknown', [reply(413), taken, busy]],
    ['one half taken, the other unanswered', 'unknown', [reply(413), taken, lost]],
    ['one half taken, the other refused', 'partial', [reply(413), taken, reply(422)]],
  ] as const)('points too many for one request, %s: %s', async (_, status, answers) => {
    await using destination = await sink(...answers);
    const { outcomes } = await ship(destination.url, POINTS.slice(0, 1));
    expect(destination.received).toHaveLength(answers.length);
    expect(outcomes[0]?.status).toBe(status);
  });

  it('a patience that was asked for is told', async () => {
    await using destination = await sink(reply(429, '', { 'retry-after': '3600' }));
    const { outcomes } = await ship(destination.url, SPANS);
    expect(outcomes[0]).toMatchObject({ status: 'unsent', after: seconds(3600) });
  });

  it('nobody takes this signal: unsent, never delivered', async () => {
    const patience = { sleep: async () => undefined, random: () => 0 };
    const nowhere = { traces: undefined, metrics: undefined, dryRun: false };
    const shipping = await shippingTo(nowhere, settingsFor(), { ledger: aLedger(), patience });
    expect(new Set(statuses(await shipping.deliver([...SPANS, ...POINTS])))).toEqual(new Set(['unsent']));
  });

  it('its name is stable, without the address, and another for another address', async () => {
    await using destination = await sink(taken);
    const secret = destination.url.replace('http://', 'http://user:canary@');
    const name = async (url: string) => (await ship(url, [])).shipping.name;
    // A new password is no new destination.
    expect(await name(secret)).toBe(await name(destination.url));
    expect(await name(secret)).not.toContain('canary');
    expect(await name(`${destination.url}/tenant`)).not.toBe(await name(destination.url));
  });
});

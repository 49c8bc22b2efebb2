// A dry run: what would be sent, and that it is not.

import { expect, it } from 'vitest';
import { dryRun, planText, type SendingPlan } from '../../lib/exporters/dry-run.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { at, FAILED, READY, SETTINGS } from '../telemetry/sample-startups.ts';

const TRACES = toTraces([FAILED, READY], SETTINGS);

async function planOf(traces: typeof TRACES) {
  const plans: SendingPlan[] = [];
  const exporter = dryRun({ protocol: 'http/protobuf', say: (plan) => plans.push(plan) });
  const outcomes = await exporter.deliver(traces);
  await exporter.close();
  return { plan: plans[0], outcomes };
}

it('says how much, how many batches and from when to when; delivers nothing', async () => {
  const { plan, outcomes } = await planOf(TRACES);
  expect(plan).toMatchObject({ pods: 1, spans: 13, batches: 1, oldest: at(0), newest: at(61, 7n) });
  expect(outcomes).toMatchObject([{ status: 'skipped', spans: 13 }]);
});

it('of nothing', async () => {
  const { plan, outcomes } = await planOf([]);
  expect(plan).toEqual({ pods: 0, spans: 0, batches: 0, bytes: 0 });
  expect(outcomes).toEqual([]);
  expect(planText({ pods: 0, spans: 0, batches: 0, bytes: 0 })).toBe('0 pods, 0 spans in 0 batches, 0.0 kB');
});

it('in words', () => {
  const plan = { pods: 1, spans: 34, batches: 1, bytes: 21_437, oldest: at(0), newest: at(61) };
  expect(planText(plan)).toBe(
    '1 pod, 34 spans in 1 batch, 21.4 kB, from 2026-08-21T10:00:00.123456789Z to 2026-08-21T10:01:01.123456789Z',
  );
});

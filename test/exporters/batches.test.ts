// Batches: nothing lost, nothing out of order, no limit passed, no pod cut that need not be.

import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchesOf } from '../../lib/exporters/batches.ts';
import { sdkSpans } from '../../lib/exporters/sdk-spans.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { READY, SETTINGS } from '../telemetry/sample-startups.ts';

const [span] = toTraces([READY], SETTINGS).flatMap(sdkSpans);

/** Spans that are told apart by identity; each counts as 10 bytes. */
const pod = (size: number): readonly ReadableSpan[] =>
  Array.from({ length: size }, () => ({ ...span }) as ReadableSpan);
const tenEach = (spans: readonly ReadableSpan[]) => spans.length * 10;
const anyPods = fc.array(fc.nat({ max: 30 }).map(pod), { maxLength: 12 });
const anyLimits = fc.record({
  items: fc.integer({ min: 1, max: 20 }),
  bytes: fc.integer({ min: 1, max: 300 }),
});

it.each([
  [[3, 3, 3], 6, 1000, [6, 3]],
  [[5, 5], 6, 1000, [5, 5]],
  [[14], 6, 1000, [6, 6, 2]],
  [[8], 100, 40, [4, 4]],
  [[9], 100, 40, [3, 2, 4]],
  [[1], 100, 5, [1]],
  [[0, 0], 100, 100, []],
])('pods of %j spans, at most %i spans and %i bytes: %j', (pods, spans, bytes, sizes) => {
  const batches = batchesOf(pods.map(pod), tenEach, { items: spans, bytes });
  expect(batches.map((batch) => batch.items.length)).toEqual(sizes);
});

it('keeps every span, in order', () => {
  fc.assert(
    fc.property(anyPods, anyLimits, (pods, limits) => {
      expect(batchesOf(pods, tenEach, limits).flatMap(({ items }) => items)).toEqual(pods.flat());
    }),
  );
});

it('passes no limit, unless a single span does', () => {
  fc.assert(
    fc.property(anyPods, anyLimits, (pods, limits) => {
      for (const { items: spans, bytes } of batchesOf(pods, tenEach, limits)) {
        expect(spans.length).toBeLessThanOrEqual(limits.items);
        if (spans.length > 1) expect(bytes).toBeLessThanOrEqual(limits.bytes);
        expect(bytes).toBe(tenEach(spans));
      }
    }),
  );
});

it('cuts no pod that fits', () => {
  fc.assert(
    fc.property(anyPods, anyLimits, (pods, limits) => {
      const batches = batchesOf(pods, tenEach, limits);
      const fitting = pods.filter((each) => each.length <= limits.items && tenEach(each) <= limits.bytes);
      for (const each of fitting) {
        const holders = batches.filter(({ items }) => each.some((one) => items.includes(one)));
        expect(holders.length).toBeLessThanOrEqual(1);
      }
    }),
  );
});

// OTLP JSON: readable by others, exact to the nanosecond, the same every time.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { VERSION } from '../../lib/base/version.ts';
import { otlpJson } from '../../lib/exporters/otlp-json.ts';
import { hrTime } from '../../lib/exporters/sdk-spans.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { BARE, FAILED, READY, SETTINGS, T0 } from '../telemetry/sample-startups.ts';
import { decodeJson, expected, resourceCount } from './decode-otlp.ts';

const TRACES = toTraces([FAILED, READY, BARE], SETTINGS);

it('has every span with its times, ids, parent, attributes, links and status', () => {
  expect(decodeJson(otlpJson(TRACES))).toEqual(
    TRACES.flatMap((trace) => expected(trace, `coldtrace@${VERSION}`)),
  );
});

it('has one resource per pod', () => {
  expect(resourceCount(otlpJson(TRACES))).toBe(2);
});

it('writes times as decimal strings and ids in hex', () => {
  expect(otlpJson(TRACES)).toContain(`"startTimeUnixNano":"${T0}"`);
  expect(otlpJson(TRACES)).toContain('"traceId":"f0c223c56d2c3bf3bf7549fcbaffe507"');
});

it('leaves out the parent of a root', () => {
  const [root] = JSON.parse(otlpJson(TRACES)).resourceSpans[0].scopeSpans[0].spans;
  expect(root).not.toHaveProperty('parentSpanId');
});

it('is the same text for the same startups', () => {
  expect(otlpJson(toTraces([BARE, READY, FAILED], SETTINGS))).toBe(otlpJson(TRACES));
});

it('of nothing is an empty request', () => {
  expect(JSON.parse(otlpJson([]))).toEqual({ resourceSpans: [] });
});

it('loses no nanosecond', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (at) => {
      const [seconds, nanoseconds] = hrTime(at);
      expect(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)).toBe(at);
    }),
  );
});

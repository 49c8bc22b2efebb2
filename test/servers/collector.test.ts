// Our traces through a real OpenTelemetry Collector, both encodings, span for span.
//
// Skipped where .ci/servers/otelcol.sh has not been run (or COLDTRACE_OTELCOL names no binary).

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seconds } from '../../lib/base/instant.ts';
import { VERSION } from '../../lib/base/version.ts';
import { otlpHttpExporter } from '../../lib/exporters/otlp-http.ts';
import { otlpJson } from '../../lib/exporters/otlp-json.ts';
import type { OtlpProtocol, OtlpSettings } from '../../lib/exporters/otlp-settings.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { expected } from '../exporters/decode-otlp.ts';
import { BARE, FAILED, READY, SETTINGS } from '../telemetry/sample-startups.ts';
import { type Collector, HAS_COLLECTOR, startCollector } from './real-collector.ts';

const TRACES = toTraces([FAILED, READY, BARE], SETTINGS);
const SENT = TRACES.flatMap((trace) => expected(trace, `coldtrace@${VERSION}`));

let collector: Collector;

beforeEach(async () => {
  // A small body limit, so that a batch can be too big.
  if (HAS_COLLECTOR) collector = await startCollector({ max_request_body_size: 30_000 });
}, 30_000);

afterEach(async () => {
  if (HAS_COLLECTOR) await collector.remove();
});

async function deliver(more: Partial<OtlpSettings>, traces = TRACES) {
  const settings: OtlpSettings = {
    url: `${collector.url}/v1/traces`,
    protocol: 'http/protobuf',
    headers: {},
    compression: 'none',
    timeout: seconds(5),
    ...more,
  };
  const exporter = otlpHttpExporter(settings, { sleep: async () => {}, random: () => 0 });
  const outcomes = await exporter.deliver(traces);
  await exporter.close();
  return outcomes;
}

describe.skipIf(!HAS_COLLECTOR)(
  'the OpenTelemetry Collector (build it with .ci/servers/otelcol.sh)',
  { timeout: 30_000 },
  () => {
    it.each<[OtlpProtocol, OtlpSettings['compression']]>([
      ['http/protobuf', 'none'],
      ['http/protobuf', 'gzip'],
      ['http/json', 'none'],
      ['http/json', 'gzip'],
    ])(
      '%s, %s: every span arrives with its times, ids, parent, attributes, links and status',
      async (protocol, compression) => {
        expect(await deliver({ protocol, compression })).toMatchObject([
          { status: 'delivered', spans: SENT.length },
        ]);
        expect(await collector.arrived()).toEqual(SENT);
      },
    );

    it('takes the text of --format otlp-json as it is', async () => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${collector.url}/v1/traces`, {
        method: 'POST',
        headers,
        body: otlpJson(TRACES),
      });
      expect(await response.json()).toEqual({ partialSuccess: {} });
      expect(await collector.arrived()).toEqual(SENT);
    });

    it('a batch over its body limit gets 400 and arrives in parts, whole', async () => {
      const many = Array.from({ length: 6 }, (_, index) => {
        const pod = { ...READY.pod, uid: `pod-${index}` as typeof READY.pod.uid };
        return { ...READY, pod };
      });
      const traces = toTraces(many, SETTINGS);
      const outcomes = await deliver({}, traces);
      expect(outcomes.length).toBeGreaterThan(1);
      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['delivered']));
      expect(await collector.arrived()).toEqual(
        traces.flatMap((trace) => expected(trace, `coldtrace@${VERSION}`)),
      );
    });

    it('a wrong path is refused, and says so', async () => {
      expect(await deliver({ url: `${collector.url}/traces` })).toMatchObject([
        { status: 'refused', reason: expect.stringContaining('check the URL') },
      ]);
    });
  },
);

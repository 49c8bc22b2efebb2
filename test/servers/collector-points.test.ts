// Our points through a real OpenTelemetry Collector, both encodings, bucket for bucket.
//
// Skipped where .ci/servers/otelcol.sh has not been run (or COLDTRACE_OTELCOL names no binary).

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seconds } from '../../lib/base/instant.ts';
import { VERSION } from '../../lib/base/version.ts';
import { gaugeOf } from '../../lib/exporters/age/gauge-of.ts';
import { otlpHttpPoints } from '../../lib/exporters/otlp-http.ts';
import type { OtlpProtocol } from '../../lib/exporters/otlp-settings.ts';
import type { MetricPoint } from '../../lib/model/metric.ts';
import { rawPoints } from '../../lib/telemetry/points/to-points.ts';
import { expectedPoints, inOrder } from '../exporters/decode-points.ts';
import { CASES, evidenceOf, replayed } from '../hall/replayed.ts';
import { FAILED, READY } from '../telemetry/sample-startups.ts';
import { type Collector, HAS_COLLECTOR, startCollector } from './real-collector.ts';

const RESOURCE = { 'service.name': 'vllm-startup', 'k8s.cluster.name': 'prod' };
const SCOPE = `coldtrace@${VERSION}`;

let collector: Collector;

beforeEach(async () => {
  if (HAS_COLLECTOR) collector = await startCollector();
}, 30_000);

afterEach(async () => {
  if (HAS_COLLECTOR) await collector.remove();
});

async function deliver(points: readonly MetricPoint[], protocol: OtlpProtocol = 'http/protobuf') {
  const settings = {
    url: `${collector.url}/v1/metrics`,
    protocol,
    headers: {},
    compression: 'gzip' as const,
    timeout: seconds(5),
  };
  const exporter = otlpHttpPoints(
    settings,
    { sleep: async () => {}, random: () => 0 },
    { resource: RESOURCE },
  );
  const outcomes = await exporter.deliver(points);
  await exporter.close();
  return outcomes;
}

describe.skipIf(!HAS_COLLECTOR)(
  'the OpenTelemetry Collector (build it with .ci/servers/otelcol.sh)',
  { timeout: 60_000 },
  () => {
    it.each<OtlpProtocol>(['http/protobuf', 'http/json'])(
      '%s: histograms, counters and gauges arrive whole',
      async (protocol) => {
        const { points } = rawPoints([FAILED, READY]);
        const all = [...points, ...points.filter(({ value }) => value.kind === 'histogram').map(gaugeOf)];
        expect(await deliver(all, protocol)).toMatchObject([{ status: 'delivered', points: all.length }]);
        expect(inOrder(await collector.pointsArrived())).toEqual(expectedPoints(all, RESOURCE, SCOPE));
      },
    );

    it('those of every fixture, with their own times', async () => {
      const { startups } = await replayed(CASES.map(evidenceOf));
      const { points } = rawPoints(startups);
      expect(points.length).toBeGreaterThan(100);
      expect((await deliver(points)).map(({ status }) => status)).not.toContain('refused');
      expect(inOrder(await collector.pointsArrived())).toEqual(expectedPoints(points, RESOURCE, SCOPE));
    });
  },
);

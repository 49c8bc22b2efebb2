// Our traces through a real OpenTelemetry Collector, both encodings, span for span.
//
// Skipped where .ci/servers/otelcol.sh has not been run (or COLDTRACE_OTELCOL names no binary).

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seconds } from '../../lib/base/instant.ts';
import { VERSION } from '../../lib/base/version.ts';
import { otlpHttpExporter } from '../../lib/exporters/otlp-http.ts';
import { otlpJson } from '../../lib/exporters/otlp-json.ts';
import type { OtlpProtocol, OtlpSettings } from '../../lib/exporters/otlp-settings.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { type DecodedSpan, decodeJson, expected } from '../exporters/decode-otlp.ts';
import { BARE, FAILED, READY, SETTINGS } from '../telemetry/sample-startups.ts';
import { builtServer, freePort, type Running, start } from './real-server.ts';

const OTELCOL = builtServer('COLDTRACE_OTELCOL', 'otelcol-0.159.0') ?? '';

const TRACES = toTraces([FAILED, READY, BARE], SETTINGS);
const SENT = TRACES.flatMap((trace) => expected(trace, `coldtrace@${VERSION}`));

let directory: string;
let url: string;
let collector: Running;

beforeEach(async () => {
  if (OTELCOL === '') return;
  directory = await mkdtemp(join(tmpdir(), 'coldtrace-otelcol-'));
  const [port, healthPort] = [await freePort(), await freePort()];
  url = `http://127.0.0.1:${port}`;
  await writeFile(join(directory, 'config.yaml'), configuration(port, healthPort));
  collector = await start(
    OTELCOL,
    ['--config', join(directory, 'config.yaml')],
    `http://127.0.0.1:${healthPort}`,
  );
}, 30_000);

afterEach(async () => {
  if (OTELCOL === '') return;
  await collector.stop();
  await rm(directory, { recursive: true });
});

/** JSON is YAML. A small body limit, so that a batch can be too big. */
function configuration(port: number, healthPort: number): string {
  return JSON.stringify({
    extensions: { health_check: { endpoint: `127.0.0.1:${healthPort}` } },
    receivers: {
      otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}`, max_request_body_size: 30_000 } } },
    },
    exporters: { file: { path: join(directory, 'traces.jsonl') } },
    service: {
      extensions: ['health_check'],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['file'] } },
    },
  });
}

async function deliver(more: Partial<OtlpSettings>, traces = TRACES) {
  const settings: OtlpSettings = {
    url: `${url}/v1/traces`,
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

/** What the Collector wrote; it has to be stopped for the last of it. */
async function arrived(): Promise<readonly DecodedSpan[]> {
  await collector.stop();
  const text = await readFile(join(directory, 'traces.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap(decodeJson);
}

describe.skipIf(OTELCOL === '')(
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
        expect(await arrived()).toEqual(SENT);
      },
    );

    it('takes the text of --format otlp-json as it is', async () => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body: otlpJson(TRACES) });
      expect(await response.json()).toEqual({ partialSuccess: {} });
      expect(await arrived()).toEqual(SENT);
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
      expect(await arrived()).toEqual(traces.flatMap((trace) => expected(trace, `coldtrace@${VERSION}`)));
    });

    it('a wrong path is refused, and says so', async () => {
      expect(await deliver({ url: `${url}/traces` })).toMatchObject([
        { status: 'refused', reason: expect.stringContaining('check the URL') },
      ]);
    });
  },
);

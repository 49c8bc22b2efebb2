// Our traces in a real Jaeger, read back through its query API.
//
// Skipped where .ci/servers/jaeger.sh has not been run (or COLDTRACE_JAEGER names no binary).
// Jaeger 1.76 listens on fixed ports unless its configuration is replaced, so it gets one of its own.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seconds } from '../../lib/base/instant.ts';
import { otlpHttpExporter } from '../../lib/exporters/otlp-http.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { FAILED, READY, SETTINGS } from '../telemetry/sample-startups.ts';
import { builtServer, freePort, type Running, start } from './real-server.ts';

const JAEGER = builtServer('COLDTRACE_JAEGER', 'jaeger-1.76.0') ?? '';

const TRACES = toTraces([FAILED, READY], SETTINGS);

interface JaegerSpan {
  readonly spanID: string;
  readonly operationName: string;
  readonly references: readonly { readonly refType: string; readonly spanID: string }[];
  /** Microseconds: Jaeger keeps no more. */
  readonly startTime: number;
  readonly duration: number;
  readonly tags: readonly { readonly key: string; readonly value: unknown }[];
}

let directory: string;
let ports: { otlp: number; query: number };
let jaeger: Running;

beforeAll(async () => {
  if (JAEGER === '') return;
  directory = await mkdtemp(join(tmpdir(), 'coldtrace-jaeger-'));
  ports = { otlp: await freePort(), query: await freePort() };
  const path = join(directory, 'config.yaml');
  await writeFile(path, configuration(await freePort()));
  jaeger = await start(JAEGER, ['--config', path], `http://127.0.0.1:${ports.query}/api/services`);
}, 30_000);

afterAll(async () => {
  if (JAEGER === '') return;
  await jaeger.stop();
  await rm(directory, { recursive: true });
});

function configuration(grpcPort: number): string {
  return JSON.stringify({
    extensions: {
      jaeger_storage: { backends: { memory: { memory: { max_traces: 1000 } } } },
      jaeger_query: {
        storage: { traces: 'memory' },
        http: { endpoint: `127.0.0.1:${ports.query}` },
        grpc: { endpoint: `127.0.0.1:${grpcPort}` },
      },
    },
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${ports.otlp}` } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
    },
  });
}

async function deliver() {
  const settings = {
    url: `http://127.0.0.1:${ports.otlp}/v1/traces`,
    protocol: 'http/protobuf',
    headers: {},
    compression: 'gzip',
    timeout: seconds(5),
  } as const;
  const exporter = otlpHttpExporter(settings, { sleep: async () => {}, random: () => 0 });
  const outcomes = await exporter.deliver(TRACES);
  await exporter.close();
  return outcomes;
}

async function readBack(): Promise<readonly JaegerSpan[]> {
  const traceId = TRACES[0]?.spans[0]?.traceId ?? '';
  const response = await fetch(`http://127.0.0.1:${ports.query}/api/traces/${traceId}`);
  const { data } = (await response.json()) as { data: readonly { spans: readonly JaegerSpan[] }[] };
  return data.flatMap(({ spans }) => spans);
}

const microseconds = (nanoseconds: bigint): number => Number(nanoseconds / 1000n);

describe.skipIf(JAEGER === '')('Jaeger (build it with .ci/servers/jaeger.sh)', { timeout: 30_000 }, () => {
  it('finds the trace by md5 of the pod uid: every span at its microsecond, under its parent, errors marked', async () => {
    expect(await deliver()).toMatchObject([{ status: 'delivered' }]);
    const found = new Map((await readBack()).map((span) => [span.spanID, span]));
    for (const span of TRACES.flatMap(({ spans }) => spans)) {
      const back = found.get(span.spanId);
      expect(back).toMatchObject({ operationName: span.name, startTime: microseconds(span.start) });
      expect(back?.duration).toBe(microseconds(span.end - span.start));
      expect(back?.references.find(({ refType }) => refType === 'CHILD_OF')?.spanID).toBe(span.parentSpanId);
      expect(back?.tags.some(({ key, value }) => key === 'error' && value === true)).toBe(
        span.status === 'error',
      );
    }
    expect(found.size).toBe(TRACES.flatMap(({ spans }) => spans).length);
  });

  it('the same spans sent again stay the same trace', async () => {
    expect(await deliver()).toMatchObject([{ status: 'delivered' }]);
    const ids = (await readBack()).map(({ spanID }) => spanID);
    expect(new Set(ids).size).toBe(TRACES.flatMap(({ spans }) => spans).length);
  });
});

// A real OpenTelemetry Collector with file exporters and one for Prometheus, for one test.
//
// Not there where .ci/servers/otelcol.sh has not been run (and COLDTRACE_OTELCOL names no binary).

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DecodedSpan, decodeJson } from '../exporters/decode-otlp.ts';
import { type DecodedPoint, decodeJsonPoints } from '../exporters/decode-points.ts';
import { builtServer, freePort, start } from './real-server.ts';

const OTELCOL = builtServer('COLDTRACE_OTELCOL', 'otelcol-0.159.0-2') ?? '';

export const HAS_COLLECTOR = OTELCOL !== '';

export interface Collector {
  /** The base: `/v1/traces` takes traces, `/v1/metrics` points. */
  readonly url: string;
  /** What Prometheus would scrape: deltas, added up. */
  readonly scrapeUrl: string;
  /** What it wrote, in the order of its arrival. Stops it: only then is the last of it written. */
  readonly arrived: () => Promise<readonly DecodedSpan[]>;
  /** The file itself. Stops it as well. */
  readonly written: () => Promise<string>;
  /** The same of points. */
  readonly pointsArrived: () => Promise<readonly DecodedPoint[]>;
  /** Stops it and removes what it wrote. */
  readonly remove: () => Promise<void>;
}

/** `http`: further settings of its OTLP/HTTP receiver. */
export async function startCollector(http: Readonly<Record<string, unknown>> = {}): Promise<Collector> {
  const directory = await mkdtemp(join(tmpdir(), 'coldtrace-otelcol-'));
  const files = { traces: join(directory, 'traces.jsonl'), metrics: join(directory, 'metrics.jsonl') };
  const ports = { otlp: await freePort(), health: await freePort(), scrape: await freePort() };
  const path = join(directory, 'config.yaml');
  await writeFile(path, configuration(http, ports, files));
  const { stop } = await start(OTELCOL, ['--config', path], `http://127.0.0.1:${ports.health}`);
  const textOf = async (file: string) => {
    await stop();
    return readFile(file, 'utf8');
  };
  const linesOf = async (file: string) => (await textOf(file)).split('\n').filter((line) => line !== '');
  return {
    url: `http://127.0.0.1:${ports.otlp}`,
    scrapeUrl: `http://127.0.0.1:${ports.scrape}/metrics`,
    written: () => textOf(files.traces),
    arrived: async () => (await linesOf(files.traces)).flatMap(decodeJson),
    pointsArrived: async () => (await linesOf(files.metrics)).flatMap(decodeJsonPoints),
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}

interface Ports {
  readonly otlp: number;
  readonly health: number;
  readonly scrape: number;
}

/** JSON is YAML. */
function configuration(
  http: Readonly<Record<string, unknown>>,
  ports: Ports,
  files: { readonly traces: string; readonly metrics: string },
): string {
  return JSON.stringify({
    extensions: { health_check: { endpoint: `127.0.0.1:${ports.health}` } },
    receivers: { otlp: { protocols: { http: { ...http, endpoint: `127.0.0.1:${ports.otlp}` } } } },
    exporters: {
      'file/traces': { path: files.traces },
      'file/metrics': { path: files.metrics },
      prometheus: { endpoint: `127.0.0.1:${ports.scrape}`, metric_expiration: '1h' },
    },
    service: {
      extensions: ['health_check'],
      telemetry: { metrics: { level: 'none' } },
      pipelines: {
        traces: { receivers: ['otlp'], exporters: ['file/traces'] },
        metrics: { receivers: ['otlp'], exporters: ['file/metrics', 'prometheus'] },
      },
    },
  });
}

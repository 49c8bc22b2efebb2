// A real OpenTelemetry Collector with a file exporter, for one test.
//
// Not there where .ci/servers/otelcol.sh has not been run (and COLDTRACE_OTELCOL names no binary).

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DecodedSpan, decodeJson } from '../exporters/decode-otlp.ts';
import { builtServer, freePort, start } from './real-server.ts';

const OTELCOL = builtServer('COLDTRACE_OTELCOL', 'otelcol-0.159.0') ?? '';

export const HAS_COLLECTOR = OTELCOL !== '';

export interface Collector {
  /** The base: `/v1/traces` takes traces. */
  readonly url: string;
  /** What it wrote, in the order of its arrival. Stops it: only then is the last of it written. */
  readonly arrived: () => Promise<readonly DecodedSpan[]>;
  /** The file itself. Stops it as well. */
  readonly written: () => Promise<string>;
  /** Stops it and removes what it wrote. */
  readonly remove: () => Promise<void>;
}

/** `http`: further settings of its OTLP/HTTP receiver. */
export async function startCollector(http: Readonly<Record<string, unknown>> = {}): Promise<Collector> {
  const directory = await mkdtemp(join(tmpdir(), 'coldtrace-otelcol-'));
  const [path, traces] = [join(directory, 'config.yaml'), join(directory, 'traces.jsonl')];
  const [port, healthPort] = [await freePort(), await freePort()];
  await writeFile(path, configuration({ ...http, endpoint: `127.0.0.1:${port}` }, healthPort, traces));
  const { stop } = await start(OTELCOL, ['--config', path], `http://127.0.0.1:${healthPort}`);
  const written = async (): Promise<string> => {
    await stop();
    return readFile(traces, 'utf8');
  };
  return {
    url: `http://127.0.0.1:${port}`,
    written,
    arrived: async () => {
      const lines = (await written()).split('\n');
      return lines.filter((line) => line !== '').flatMap(decodeJson);
    },
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** JSON is YAML. */
function configuration(http: Readonly<Record<string, unknown>>, healthPort: number, traces: string): string {
  return JSON.stringify({
    extensions: { health_check: { endpoint: `127.0.0.1:${healthPort}` } },
    receivers: { otlp: { protocols: { http } } },
    exporters: { file: { path: traces } },
    service: {
      extensions: ['health_check'],
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['file'] } },
    },
  });
}

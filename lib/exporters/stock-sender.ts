// The SDK's own OTLP exporter, sending one batch and telling all that was seen of it.
//
// Put together from the public parts that OTLPTraceExporter is made of
// (exporter-trace-otlp-proto for protobuf, exporter-trace-otlp-http for JSON),
// because its constructor reads the environment and tells neither partial
// success nor status. The SDK retries by itself while the batch's time lasts.

import type { Agent, IncomingMessage } from 'node:http';
import { CompressionAlgorithm, OTLPExporterBase, OTLPExporterError } from '@opentelemetry/otlp-exporter-base';
import {
  createOtlpHttpExportDelegate,
  httpAgentFactoryFromOptions,
} from '@opentelemetry/otlp-exporter-base/node-http';
import { TraceExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { MILLISECOND, toSeconds } from '../base/instant.ts';
import { VERSION } from '../base/version.ts';
import { listenTo } from './http-ear.ts';
import type { OtlpSettings } from './otlp-settings.ts';
import { readAccepted, readRefusal } from './read-answer.ts';
import { readFailure } from './read-failure.ts';
import type { Answer, Sender } from './sender.ts';
import { tlsFiles } from './tls-files.ts';
import { type TraceSerializer, WIRE } from './wire.ts';

/** One batch at a time: what is heard of the line is taken to be about the batch under way. */
export function stockSender(settings: OtlpSettings): Sender<ReadableSpan> {
  const agents = new Set<Agent>();
  const ear = listenTo((agent) => agents.has(agent));
  const answered = watchedSerializer(WIRE[settings.protocol].traces);
  const exporter = new OTLPExporterBase(delegate(settings, answered.serializer, agents));
  const hangUp = () => {
    for (const agent of agents) agent.destroy();
  };
  return {
    send: async (batch) => {
      ear.forget();
      answered.forget();
      const { result, late } = await withinTime(settings, hangUp, () => exported(exporter, batch));
      const seen = { ...result, late, response: ear.heard().response, body: answered.body() };
      return readSending(seen, batch, settings);
    },
    close: async () => {
      await exporter.shutdown();
      hangUp();
      ear.close();
    },
  };
}

/** As the exporters of the SDK do it, with nothing read from the environment. */
function delegate(settings: OtlpSettings, serializer: TraceSerializer, agents: Set<Agent>) {
  const { url, protocol, headers, compression, timeout } = settings;
  const all = { ...headers, 'content-type': WIRE[protocol].contentType };
  const options = {
    url,
    headers: async () => ({ ...all }),
    compression: compression === 'gzip' ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
    timeoutMillis: Number(timeout / MILLISECOND),
    concurrencyLimit: 30,
    userAgent: `coldtrace/${VERSION}`,
    agentFactory: async (scheme: string) => {
      const agent = await httpAgentFactoryFromOptions({ keepAlive: true, ...(await tlsFiles(settings)) })(
        scheme,
      );
      agents.add(agent);
      return agent;
    },
  };
  return createOtlpHttpExportDelegate(
    options,
    serializer,
    'otlp_http_span_exporter',
    TraceExporterMetricsHelper,
    undefined,
  );
}

/** Keeps the body of the answer, which the delegate would only log. */
function watchedSerializer(inner: TraceSerializer) {
  let body: Uint8Array | undefined;
  const serializer: TraceSerializer = {
    serializeRequest: (spans) => inner.serializeRequest(spans),
    deserializeResponse: (bytes) => {
      body = bytes;
      return {};
    },
  };
  const forget = () => {
    body = undefined;
  };
  return { serializer, body: () => body, forget };
}

/** The serializer runs before anything is sent, and throws out of `export`. */
async function exported(
  exporter: OTLPExporterBase<ReadableSpan[]>,
  batch: readonly ReadableSpan[],
): Promise<Exported> {
  return new Promise((resolve) => {
    try {
      exporter.export([...batch], (result) => resolve({ ...result, encoded: true }));
    } catch (error) {
      resolve({ error: new Error('cannot be encoded', { cause: error }), encoded: false });
    }
  });
}

interface Exported {
  readonly error?: Error;
  readonly encoded: boolean;
}

/** The SDK's time-out counts silence: a server that sends a byte now and then would hold us for ever. */
async function withinTime<T>({ timeout }: OtlpSettings, hangUp: () => void, work: () => Promise<T>) {
  let late = false;
  const expire = () => {
    late = true;
    hangUp();
  };
  const timer = setTimeout(expire, Number(timeout / MILLISECOND));
  const result = await work();
  clearTimeout(timer);
  return { result, late };
}

/** All that was seen of one sending. `body`: of a 2xx that the SDK read to its end. */
interface Seen extends Exported {
  readonly late: boolean;
  readonly response: IncomingMessage | undefined;
  readonly body: Uint8Array | undefined;
}

function readSending(
  { error, encoded, late, response, body }: Seen,
  batch: readonly ReadableSpan[],
  { timeout }: OtlpSettings,
): Answer {
  if (!encoded) return { kind: 'malformed', reason: String(error?.cause) };
  if (late && response?.complete !== true)
    return { kind: 'later', reason: `no answer within ${toSeconds(timeout)} s` };
  if (response?.statusCode === undefined) return readFailure(error);
  const { statusCode: status, headers, complete } = response;
  if (status < 200 || status > 299)
    return readRefusal({ status, headers, body: bodyOf(error), signal: 'traces' });
  if (!complete || body === undefined) return BROKEN;
  return readAccepted(body, headers['content-type'] ?? '', { signal: 'traces', sent: batch.length });
}

/** The SDK calls it a success; but what the destination made of the spans was in the part that is missing. */
const BROKEN: Answer = { kind: 'later', reason: 'the connection broke before the answer was complete' };

const bodyOf = (error: Error | undefined): string =>
  error instanceof OTLPExporterError ? (error.data ?? '') : '';

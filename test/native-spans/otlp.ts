// OTLP traces in few words, for the tests of vLLM's own spans.

import { createHash } from 'node:crypto';
import { newCounter } from '../../lib/base/tally.ts';
import type { NativeSpan } from '../../lib/model/native-span.ts';
import { readSpans } from '../../lib/native-spans/index.ts';

/** 2026-11-22T01:00:00Z, the hour of the recordings. */
export const HOUR = 1_795_309_200;

export interface SpanSpec {
  readonly name: string;
  /** Seconds since HOUR. */
  readonly start: number;
  readonly end: number;
  readonly trace?: string;
  readonly span?: string;
  readonly scope?: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly resource?: Readonly<Record<string, string>>;
  readonly failed?: string;
  /** Members that replace what was made: for damage. */
  readonly raw?: Readonly<Record<string, unknown>>;
}

export const TRACE = 'e2760d0a740e9de990c456bca52eb7dc';

const pairs = (values: Readonly<Record<string, string | number>>) =>
  Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
  }));

export const nanos = (second: number): string => String(BigInt(Math.round((HOUR + second) * 1e6)) * 1000n);

/** Deterministic, so that two specs of one name and start have one id. */
const idOf = ({ name, start }: SpanSpec): string =>
  createHash('md5').update(`${start} ${name}`).digest('hex').slice(0, 16);

export function resourceSpans(spec: SpanSpec): object {
  const { name, start, end, trace = TRACE, scope = 'vllm.v1.engine.core', failed } = spec;
  const span = {
    traceId: trace,
    spanId: spec.span ?? idOf(spec),
    name,
    kind: 1,
    startTimeUnixNano: nanos(start),
    endTimeUnixNano: nanos(end),
    attributes: pairs({ 'code.function': 'f', ...spec.attributes }),
    status: failed === undefined ? {} : { code: 2, message: failed },
    ...spec.raw,
  };
  const process = {
    'vllm.process_id': '7',
    'vllm.process_name': 'EngineCore',
    'vllm.process_kind': 'engine_core',
  };
  return {
    resource: { attributes: pairs({ 'service.name': 'vllm', ...process, ...spec.resource }) },
    scopeSpans: [{ scope: { name: scope }, spans: [span] }],
  };
}

/** One export request per line, as the Collector's file exporter writes it. */
export const lines = (specs: readonly SpanSpec[]): string =>
  specs.map((spec) => `${JSON.stringify({ resourceSpans: [resourceSpans(spec)] })}\n`).join('');

export const document = (specs: readonly SpanSpec[]): string =>
  JSON.stringify({ resourceSpans: specs.map(resourceSpans) }, undefined, 2);

export interface Read {
  readonly spans: readonly NativeSpan[];
  readonly counts: Readonly<Record<string, number>>;
  readonly came: string | undefined;
}

/** What the room makes of a text that comes in chunks of this size. */
export function readText(text: string | Buffer, chunk = 1 << 20): Read {
  const counter = newCounter();
  const reader = readSpans({ identity: {}, counter });
  const bytes = Buffer.from(text);
  const scratch = Buffer.alloc(chunk);
  for (let at = 0; at < bytes.length; at += chunk) {
    const size = bytes.copy(scratch, 0, at, at + chunk);
    reader.push(scratch.subarray(0, size));
  }
  const { spans, came } = reader.end();
  return { spans, came, counts: Object.fromEntries(counter.tally) };
}

export const spansOf = (specs: readonly SpanSpec[]): readonly NativeSpan[] => readText(lines(specs)).spans;

/** A whole boot of an API server, beginning at this second. */
export const boot = (at: number, more: Partial<SpanSpec> = {}): readonly SpanSpec[] => [
  { name: 'Overall Loading', start: at, end: at + 60, scope: 'vllm.v1.engine.core_client', ...more },
  { name: 'AsyncMPClient init', start: at, end: at + 60, scope: 'vllm.v1.engine.core_client', ...more },
  { name: 'EngineCoreProc init', start: at + 10, end: at + 60, ...more },
  { name: 'Executor init', start: at + 10, end: at + 30, scope: 'vllm.v1.executor.abstract', ...more },
  { name: 'Loading (GPU)', start: at + 20, end: at + 30, scope: 'vllm.v1.worker.gpu_model_runner', ...more },
  { name: 'Prepare model', start: at + 30, end: at + 59, ...more },
];

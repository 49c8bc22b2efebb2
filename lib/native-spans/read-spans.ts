// Reads OTLP traces in JSON and keeps what vLLM recorded of its own start.
//
// One export request per line, as the Collector's file exporter writes them, is
// read line by line; one pretty-printed document is read whole.

import { isObject, type JsonObject, listAt, objectAt, parseJson, textAt } from '../base/json.ts';
import type { Counter } from '../base/tally.ts';
import type { Identity } from '../model/log-run.ts';
import type { NativeSpan } from '../model/native-span.ts';
import { attributesOf } from './attributes.ts';
import { nativeSpanOf, type Resource, resourceOf } from './native-span.ts';
import { wholeLines } from './whole-lines.ts';

export interface SpanReading {
  readonly spans: readonly NativeSpan[];
  /** Why the file is not what it looked like; the spans before are good. */
  readonly came: string | undefined;
}

export interface SpanReader {
  readonly push: (chunk: Buffer) => void;
  readonly end: () => SpanReading;
}

export interface SpanFile {
  /** Whose spans these are, as far as the file's place tells. */
  readonly identity: Identity;
  readonly counter: Counter;
}

/** Start-up spans of one file: eight ranks record some 150 a start. */
const MOST = 200_000;

/** A document over many lines is parsed whole: longer ones must be one request per line. */
const LONGEST_DOCUMENT = 256 * 1024 * 1024;

/**
 * Every line with a start-up span has one of these: the module that records it, or an
 * attribute that only they have. Request spans (scope vllm.tracing.otel) have none.
 */
const SIGNS = [
  'code.func',
  'dynamo.time_seconds',
  '"vllm.v1.',
  '"vllm.model_executor.',
  '"vllm.compilation.',
];

interface State extends SpanFile {
  readonly spans: NativeSpan[];
  /** Lines of a document that is not one per line; undefined: it is. */
  document: Buffer[] | undefined;
  size: number;
  lines: number;
  came: string | undefined;
}

export function readSpans(file: SpanFile): SpanReader {
  const state: State = { ...file, spans: [], document: undefined, size: 0, lines: 0, came: undefined };
  const lines = wholeLines(
    (line) => takeLine(state, line),
    () => file.counter.count('native_spans.too_long'),
  );
  return {
    push: lines.push,
    end: () => {
      lines.end();
      if (state.document !== undefined) takeText(state, Buffer.concat(state.document));
      file.counter.count('native_spans.lines', state.lines);
      return { spans: state.spans, came: state.came };
    },
  };
}

function takeLine(state: State, line: Buffer): void {
  state.lines += 1;
  if (state.lines === 1 && !isClosed(line)) state.document = [];
  if (state.document !== undefined) addToDocument(state, line);
  else if (SIGNS.some((sign) => line.includes(sign))) takeText(state, line);
  else if (!isBlank(line)) state.counter.count('native_spans.lines_skipped');
}

const isBlank = (line: Buffer): boolean => line.length < 3 && line.toString('latin1').trim() === '';

/** The first line of a document ends in `{` or `[`, that of a request in `}`. */
const isClosed = (line: Buffer): boolean => line.subarray(-2).toString('latin1').trimEnd().endsWith('}');

function addToDocument(state: State, line: Buffer): void {
  state.size += line.length + 1;
  if (state.size > LONGEST_DOCUMENT) {
    state.document = [];
    state.came = `more than ${LONGEST_DOCUMENT} bytes in one document`;
  } else state.document?.push(Buffer.from(line), Buffer.from('\n'));
}

function takeText(state: State, bytes: Buffer): void {
  if (bytes.length === 0) return;
  const parsed = parseJson(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  if (!parsed.ok || !isObject(parsed.value)) {
    state.counter.count('native_spans.malformed');
    state.came ??= parsed.ok ? 'JSON that is no object' : 'JSON that breaks off or is broken';
    return;
  }
  for (const one of objectsAt(parsed.value, 'resourceSpans', 'resource_spans')) takeResource(state, one);
}

function takeResource(state: State, resourceSpans: JsonObject): void {
  const resource = resourceOf(attributesOf(objectAt(resourceSpans, 'resource')), state.identity);
  for (const scoped of objectsAt(resourceSpans, 'scopeSpans', 'scope_spans')) {
    const scope = textAt(objectAt(scoped, 'scope'), 'name') ?? '';
    for (const raw of objectsAt(scoped, 'spans')) takeSpan(state, { raw, scope, resource });
  }
}

function takeSpan(state: State, told: { raw: JsonObject; scope: string; resource: Resource }): void {
  const span = nativeSpanOf(told);
  const isFull = state.spans.length >= MOST;
  state.counter.count(`native_spans.${typeof span === 'string' ? span : isFull ? 'dropped' : 'read'}`);
  if (typeof span === 'string' || isFull) return;
  if (span.startComputed) state.counter.count('native_spans.epoch_computed');
  state.spans.push(span);
}

const objectsAt = (object: JsonObject, ...keys: readonly string[]): readonly JsonObject[] =>
  keys.flatMap((key) => listAt(object, key)).filter(isObject);

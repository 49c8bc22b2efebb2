// Spans as a signal: they have ids of their own, so that sending them again does no harm.

import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { TraceId } from '../model/ids.ts';
import type { Part } from './contract.ts';
import type { Signal } from './signal.ts';
import { WIRE } from './wire.ts';

export const TRACES: Signal<ReadableSpan, Part> = {
  name: 'traces',
  partOf,
  nameOf: (span) => {
    const { traceId, spanId } = span.spanContext();
    return `span ${span.name}, span_id ${spanId}, trace_id ${traceId}`;
  },
  encode: (spans, protocol) => WIRE[protocol].traces.serializeRequest([...spans]) ?? new Uint8Array(),
  unclear: 'retryable',
};

/** The trace ids come from `sdkSpans`, which got them from the model. */
function partOf(spans: readonly ReadableSpan[]): Part {
  const traces = new Set(spans.map((span) => span.spanContext().traceId as TraceId));
  return { spans: spans.length, traces: [...traces] };
}

// What an exporter is handed: one startup as spans, wire-neutral.
//
// Attribute keys are final here; encoding (OTLP protobuf or JSON) and sending
// are the exporter's own business.

import type { Instant } from '../base/instant.ts';
import type { SpanId, TraceId } from './ids.ts';
import type { Startup } from './startup.ts';

export type AttributeValue = string | number | boolean | readonly string[];

export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface SpanLink {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly attributes: Attributes;
}

export interface SpanRecord {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | undefined;
  readonly name: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly status: 'unset' | 'error';
  readonly statusMessage?: string;
  readonly attributes: Attributes;
  readonly links: readonly SpanLink[];
}

/** One pod: one resource, the spans of all its attempts. */
export interface PodTrace {
  readonly resource: Attributes;
  readonly startups: readonly Startup[];
  readonly spans: readonly SpanRecord[];
}

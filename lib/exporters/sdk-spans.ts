// Pod traces as the spans of the OpenTelemetry SDK.
//
// The transformer groups by the identity of the resource object, so the spans
// of one pod share one: that is what makes them one `resourceSpans` entry.

import { type HrTime, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { between } from '../base/instant.ts';
import { VERSION } from '../base/version.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import type { Attributes, AttributeValue, PodTrace, SpanLink, SpanRecord } from '../model/trace.ts';

/** Shared, because the protobuf serializer groups by the identity of the scope, too. */
const SCOPE = { name: 'coldtrace', version: VERSION };

const BILLION = 1_000_000_000n;

/** The spans of each pod, in their order. */
export function sdkSpans({ resource, spans }: PodTrace): readonly ReadableSpan[] {
  const shared = resourceFromAttributes(mutable(resource));
  return spans.map((span) => sdkSpan(span, shared));
}

function sdkSpan(span: SpanRecord, resource: Resource): ReadableSpan {
  const context = spanContext(span.traceId, span.spanId);
  return {
    name: span.name,
    kind: SpanKind.INTERNAL,
    spanContext: () => context,
    ...(span.parentSpanId === undefined
      ? {}
      : { parentSpanContext: spanContext(span.traceId, span.parentSpanId) }),
    startTime: hrTime(span.start),
    endTime: hrTime(span.end),
    duration: hrTime(between(span.start, span.end)),
    status: sdkStatus(span),
    attributes: mutable(span.attributes),
    links: span.links.map(sdkLink),
    events: [],
    ended: true,
    resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Seconds and the nanoseconds beyond them: split as whole numbers, so that nothing is rounded. */
export function hrTime(nanoseconds: bigint): HrTime {
  const rest = ((nanoseconds % BILLION) + BILLION) % BILLION;
  return [Number((nanoseconds - rest) / BILLION), Number(rest)];
}

function spanContext(traceId: TraceId, spanId: SpanId): SpanContext {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
}

function sdkStatus({ status, statusMessage }: SpanRecord) {
  if (status === 'unset') return { code: SpanStatusCode.UNSET };
  return { code: SpanStatusCode.ERROR, ...(statusMessage === undefined ? {} : { message: statusMessage }) };
}

function sdkLink({ traceId, spanId, attributes }: SpanLink) {
  return { context: spanContext(traceId, spanId), attributes: mutable(attributes) };
}

/** The SDK's types want arrays that may be written to. */
export function mutable(attributes: Attributes): Record<string, string | number | boolean | string[]> {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, mutableValue(value)]));
}

function mutableValue(value: AttributeValue): string | number | boolean | string[] {
  return typeof value === 'object' ? [...value] : value;
}

// Traces as OTLP JSON text: what a Collector's `file` receiver or `/v1/traces` takes.

import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { PodTrace } from '../model/trace.ts';
import { sdkSpans } from './sdk-spans.ts';

/**
 * One ExportTraceServiceRequest: ids in hex, times as decimal strings of nanoseconds,
 * one resource per pod in the order given. The same traces give the same text.
 */
export function otlpJson(traces: readonly PodTrace[]): string {
  return new TextDecoder().decode(JsonTraceSerializer.serializeRequest(traces.flatMap(sdkSpans)));
}

// The two encodings of OTLP over HTTP, as the SDK's serializers write them.

import {
  type IExportMetricsServiceResponse,
  type IExportTraceServiceResponse,
  type ISerializer,
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { OtlpProtocol } from './otlp-settings.ts';

export type TraceSerializer = ISerializer<ReadableSpan[], IExportTraceServiceResponse>;

export type MetricSerializer = ISerializer<ResourceMetrics, IExportMetricsServiceResponse>;

interface Encoding {
  readonly contentType: string;
  readonly traces: TraceSerializer;
  readonly metrics: MetricSerializer;
}

export const WIRE: Readonly<Record<OtlpProtocol, Encoding>> = {
  'http/protobuf': {
    contentType: 'application/x-protobuf',
    traces: ProtobufTraceSerializer,
    metrics: ProtobufMetricsSerializer,
  },
  'http/json': {
    contentType: 'application/json',
    traces: JsonTraceSerializer,
    metrics: JsonMetricsSerializer,
  },
};

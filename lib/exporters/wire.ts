// The two encodings of OTLP over HTTP, as the SDK's serializers write them.

import {
  type IExportTraceServiceResponse,
  type ISerializer,
  JsonTraceSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { OtlpProtocol } from './otlp-settings.ts';
import type { Batch } from './sender.ts';

export type TraceSerializer = ISerializer<ReadableSpan[], IExportTraceServiceResponse>;

export const WIRE: Readonly<
  Record<OtlpProtocol, { readonly serializer: TraceSerializer; readonly contentType: string }>
> = {
  'http/protobuf': { serializer: ProtobufTraceSerializer, contentType: 'application/x-protobuf' },
  'http/json': { serializer: JsonTraceSerializer, contentType: 'application/json' },
};

/** The body of a request. Throws what the serializer throws. */
export const encode = (batch: Batch, protocol: OtlpProtocol): Uint8Array =>
  WIRE[protocol].serializer.serializeRequest([...batch]) ?? new Uint8Array();

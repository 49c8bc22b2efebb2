// Reads OTLP trace requests, JSON and protobuf, independently of the SDK that wrote them.
//
// Field numbers: opentelemetry/proto/trace/v1/trace.proto, common.proto, resource.proto.

export interface DecodedSpan {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly scope: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: number;
  readonly message: string;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of a known shape; a wrong shape fails the test that reads it
export type Json = any;

/** Spans of an OTLP JSON text: a request, or a line of the Collector's file exporter. */
export function decodeJson(text: string): readonly DecodedSpan[] {
  const { resourceSpans = [] }: Json = JSON.parse(text);
  return resourceSpans.flatMap(({ resource, scopeSpans }: Json) =>
    scopeSpans.flatMap(({ scope, spans }: Json) =>
      spans.map((span: Json) => jsonSpan(span, pairs(resource.attributes), `${scope.name}@${scope.version}`)),
    ),
  );
}

/** How many `resourceSpans` entries there are. */
export const resourceCount = (text: string): number => JSON.parse(text).resourceSpans.length;

function jsonSpan(span: Json, resource: DecodedSpan['resource'], scope: string): DecodedSpan {
  return {
    resource,
    scope,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: span.kind,
    start: BigInt(span.startTimeUnixNano),
    end: BigInt(span.endTimeUnixNano),
    attributes: pairs(span.attributes),
    links: (span.links ?? []).map(({ traceId, spanId }: Json) => ({ traceId, spanId })),
    status: span.status?.code ?? 0,
    message: span.status?.message ?? '',
  };
}

export const pairs = (list: Json[] = []) =>
  Object.fromEntries(list.map(({ key, value }) => [key, anyValue(value)]));

function anyValue(value: Json): unknown {
  if ('intValue' in value) return Number(value.intValue);
  if ('arrayValue' in value) return value.arrayValue.values.map(anyValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}

interface Field {
  readonly number: number;
  readonly varint: bigint;
  readonly bytes: Buffer;
}

/** The fields of one protobuf message, in order. */
export function fields(message: Buffer): readonly Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const [number, wire] = [tag >> 3, tag & 7];
    if (wire === 0) {
      found.push({ number, varint: varint(), bytes: Buffer.alloc(0) });
      continue;
    }
    const length = wire === 1 ? 8 : wire === 5 ? 4 : Number(varint());
    found.push({ number, varint: 0n, bytes: message.subarray(at, at + length) });
    at += length;
  }
  return found;
}

export const all = (message: Buffer, number: number) =>
  fields(message)
    .filter((field) => field.number === number)
    .map(({ bytes }) => bytes);
export const one = (message: Buffer, number: number) => all(message, number)[0] ?? Buffer.alloc(0);
export const number = (message: Buffer, wanted: number) =>
  Number(fields(message).find((field) => field.number === wanted)?.varint ?? 0n);

/** Spans of an ExportTraceServiceRequest. */
export function decodeProtobuf(request: Buffer): readonly DecodedSpan[] {
  return all(request, 1).flatMap((resourceSpans) =>
    all(resourceSpans, 2).flatMap((scopeSpans) => {
      const scope = one(scopeSpans, 1);
      const resource = protoPairs(all(one(resourceSpans, 1), 1));
      return all(scopeSpans, 2).map((span) => protoSpan(span, resource, `${one(scope, 1)}@${one(scope, 2)}`));
    }),
  );
}

function protoSpan(span: Buffer, resource: DecodedSpan['resource'], scope: string): DecodedSpan {
  return {
    resource,
    scope,
    traceId: one(span, 1).toString('hex'),
    spanId: one(span, 2).toString('hex'),
    parentSpanId: one(span, 4).toString('hex'),
    name: one(span, 5).toString(),
    kind: number(span, 6),
    start: one(span, 7).readBigUInt64LE(),
    end: one(span, 8).readBigUInt64LE(),
    attributes: protoPairs(all(span, 9)),
    links: all(span, 13).map((link) => ({
      traceId: one(link, 1).toString('hex'),
      spanId: one(link, 2).toString('hex'),
    })),
    status: number(one(span, 15), 3),
    message: one(one(span, 15), 2).toString(),
  };
}

export const protoPairs = (list: readonly Buffer[]) =>
  Object.fromEntries(list.map((pair) => [one(pair, 1).toString(), protoValue(one(pair, 2))]));

function protoValue(value: Buffer): unknown {
  const [field] = fields(value);
  switch (field?.number) {
    case 1:
      return field.bytes.toString();
    case 2:
      return field.varint === 1n;
    case 3:
      return Number(BigInt.asIntN(64, field.varint));
    case 4:
      return field.bytes.readDoubleLE();
    case 5:
      return all(field.bytes, 1).map(protoValue);
    default:
      throw new Error(`AnyValue field ${field?.number}`);
  }
}

/** What must arrive: the records as they would be decoded. */
export function expected(
  trace: import('../../lib/model/trace.ts').PodTrace,
  scope: string,
): readonly DecodedSpan[] {
  return trace.spans.map((span) => ({
    resource: trace.resource,
    scope,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: 1,
    start: span.start,
    end: span.end,
    attributes: span.attributes,
    links: span.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
    status: span.status === 'error' ? 2 : 0,
    message: span.statusMessage ?? '',
  }));
}

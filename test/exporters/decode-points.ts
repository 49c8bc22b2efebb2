// Reads OTLP metric requests, JSON and protobuf, independently of the SDK that wrote them.
//
// Field numbers: opentelemetry/proto/metrics/v1/metrics.proto.

import type { MetricPoint, PointValue } from '../../lib/model/metric.ts';
import type { Attributes } from '../../lib/model/trace.ts';
import { all, fields, type Json, one, pairs, protoPairs } from './decode-otlp.ts';

export interface DecodedPoint {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly scope: string;
  readonly name: string;
  readonly unit: string;
  /** 1 delta, 2 cumulative; 0 for gauges. */
  readonly temporality: number;
  readonly monotonic: boolean;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly start: bigint;
  readonly end: bigint;
  readonly value: PointValue;
}

/** Points of an OTLP JSON text: a request, or a line of the Collector's file exporter. */
export function decodeJsonPoints(text: string): readonly DecodedPoint[] {
  const { resourceMetrics = [] }: Json = JSON.parse(text);
  return resourceMetrics.flatMap(({ resource, scopeMetrics }: Json) =>
    scopeMetrics.flatMap(({ scope, metrics }: Json) =>
      metrics.flatMap((metric: Json) => {
        const told = metric.histogram ?? metric.sum ?? metric.gauge;
        return told.dataPoints.map((point: Json) => ({
          resource: pairs(resource.attributes),
          scope: `${scope.name}@${scope.version}`,
          name: metric.name,
          unit: metric.unit ?? '',
          temporality: told.aggregationTemporality ?? 0,
          monotonic: told.isMonotonic ?? false,
          labels: pairs(point.attributes),
          start: BigInt(point.startTimeUnixNano ?? 0),
          end: BigInt(point.timeUnixNano),
          value: jsonValue(metric, point),
        }));
      }),
    ),
  );
}

function jsonValue(metric: Json, point: Json): PointValue {
  if (metric.histogram === undefined) {
    const value = Number(point.asInt ?? point.asDouble ?? 0);
    return metric.sum === undefined ? { kind: 'gauge', value } : { kind: 'counter', value };
  }
  return {
    kind: 'histogram',
    count: Number(point.count),
    sum: point.sum ?? 0,
    min: point.min ?? 0,
    max: point.max ?? 0,
    bounds: point.explicitBounds,
    counts: point.bucketCounts.map(Number),
  };
}

/** Points of an ExportMetricsServiceRequest. */
export function decodeProtobufPoints(request: Buffer): readonly DecodedPoint[] {
  return all(request, 1).flatMap((resourceMetrics) =>
    all(resourceMetrics, 2).flatMap((scopeMetrics) => {
      const scope = one(scopeMetrics, 1);
      const shared = {
        resource: protoPairs(all(one(resourceMetrics, 1), 1)),
        scope: `${one(scope, 1)}@${one(scope, 2)}`,
      };
      return all(scopeMetrics, 2).flatMap((metric) => protoPoints(metric, shared));
    }),
  );
}

const KINDS = { 5: 'gauge', 7: 'counter', 9: 'histogram' } as const;

function protoPoints(metric: Buffer, shared: Pick<DecodedPoint, 'resource' | 'scope'>): DecodedPoint[] {
  return ([5, 7, 9] as const).flatMap((number) =>
    all(metric, number).flatMap((told) => {
      const varint = (wanted: number) =>
        Number(fields(told).find((field) => field.number === wanted)?.varint ?? 0n);
      return all(told, 1).map((point) => ({
        ...shared,
        name: one(metric, 1).toString(),
        unit: one(metric, 3).toString(),
        temporality: varint(2),
        monotonic: varint(3) === 1,
        labels: protoPairs(all(point, number === 9 ? 9 : 7)),
        start: one(point, 2).readBigUInt64LE(),
        end: one(point, 3).readBigUInt64LE(),
        value: protoValue(KINDS[number], point),
      }));
    }),
  );
}

function protoValue(kind: PointValue['kind'], point: Buffer): PointValue {
  if (kind !== 'histogram') {
    const [int, double] = [one(point, 6), one(point, 4)];
    return { kind, value: int.length > 0 ? Number(int.readBigInt64LE()) : double.readDoubleLE() };
  }
  const double = (number: number) => one(point, number).readDoubleLE();
  const packed = one(point, 6);
  const bounds = one(point, 7);
  const each = <T>(bytes: Buffer, read: (at: number) => T) =>
    Array.from({ length: bytes.length / 8 }, (_, index) => read(index * 8));
  return {
    kind,
    count: Number(one(point, 4).readBigUInt64LE()),
    sum: double(5),
    min: double(11),
    max: double(12),
    bounds: each(bounds, (at) => bounds.readDoubleLE(at)),
    counts: each(packed, (at) => Number(packed.readBigUInt64LE(at))),
  };
}

/** What must arrive: the points as they would be decoded, whatever the order of the instruments. */
export const expectedPoints = (
  points: readonly MetricPoint[],
  resource: Attributes,
  scope: string,
): readonly DecodedPoint[] =>
  inOrder(
    points.map(({ instrument, labels, start, end, value }) => ({
      resource,
      scope,
      name: instrument.name,
      unit: instrument.unit,
      temporality: value.kind === 'gauge' ? 0 : 1,
      monotonic: value.kind === 'counter',
      labels,
      start,
      end,
      value,
    })),
  );

/** By name, labels and time: requests group points by instrument. */
export const inOrder = (points: readonly DecodedPoint[]): readonly DecodedPoint[] =>
  points.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

const keyOf = ({ name, labels, end, start }: DecodedPoint): string =>
  JSON.stringify([name, Object.entries(labels).sort(), String(end), String(start)]);

// What a metrics exporter is handed: points, wire-neutral.
//
// Names, labels and buckets are a public contract (docs/telemetry.md). A point
// knows nothing of pods: what would tell one apart is never a label.

import type { Instant } from '../base/instant.ts';
import type { SpanId } from './ids.ts';

export type MetricKind = 'histogram' | 'counter' | 'gauge';

/** Absent is "not known": never empty, never "unknown". */
export type Labels = Readonly<Record<string, string | number | boolean>>;

/** What is measured: the part of a point that all points of one name share. */
export interface Instrument {
  readonly name: string;
  /** UCUM, as OTLP wants it. */
  readonly unit: string;
  readonly says: string;
}

/** `counts` has one more than `bounds`: `counts[i]` are the values in (bounds[i-1], bounds[i]]. */
export interface HistogramValue {
  readonly kind: 'histogram';
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** Delta: how many in (start, end]. */
export interface CounterValue {
  readonly kind: 'counter';
  readonly value: number;
}

export interface GaugeValue {
  readonly kind: 'gauge';
  readonly value: number;
}

export type PointValue = HistogramValue | CounterValue | GaugeValue;

export interface MetricPoint {
  readonly instrument: Instrument;
  readonly labels: Labels;
  readonly start: Instant;
  readonly end: Instant;
  readonly value: PointValue;
  /** Root spans of the startups that are in it, in order: what a ledger needs to know of a delivery. Not sent. */
  readonly startups: readonly SpanId[];
}

/** Instrument and labels as one text: the identity of a time series. */
export function seriesOf({ instrument, labels }: Pick<MetricPoint, 'instrument' | 'labels'>): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([instrument.name, pairs]);
}

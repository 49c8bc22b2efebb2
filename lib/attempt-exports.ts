// A pod's attempts as what the export ledger keeps books of: parts with digests, and what of them may go out now.

import { createHash } from 'node:crypto';
import type { Instant } from './base/instant.ts';
import type { ExportSettings } from './export-settings.ts';
import { planOf } from './exporters/age/plan.ts';
import { DESTINATIONS } from './exporters/destinations/index.ts';
import type { Parts } from './ledger/export-entry.ts';
import { spanIdOf } from './model/ids.ts';
import { type MetricPoint, seriesOf } from './model/metric.ts';
import { rootKey } from './model/span-key.ts';
import type { Startup } from './model/startup.ts';
import type { PodTrace, SpanRecord } from './model/trace.ts';
import { rawPoints } from './telemetry/points/to-points.ts';
import { hasTime, toTraces } from './telemetry/to-trace.ts';

/** One signal of one attempt. */
export interface SignalExport<Item> {
  readonly parts: Parts;
  /** By the name of their part; what the destination would not take any more is not in it. */
  readonly items: ReadonlyMap<string, Item>;
  /** How many parts stay behind for their age. */
  readonly tooOld: number;
}

export interface AttemptExport {
  readonly startup: Startup;
  /** Without spans: what all of them share. Undefined: the destination takes no spans. */
  readonly spans: (SignalExport<SpanRecord> & { readonly pod: PodTrace }) | undefined;
  /** Undefined: no metrics are wanted, or none are taken. */
  readonly points: SignalExport<MetricPoint> | undefined;
}

/** All attempts of one pod, in their order. Those without a clock have no place in time and are left out. */
export function attemptExports(
  startups: readonly Startup[],
  settings: ExportSettings,
  now: Instant,
): readonly AttemptExport[] {
  const [trace] = toTraces(startups, settings.trace);
  if (trace === undefined) return [];
  return startups
    .filter(hasTime)
    .toSorted((a, b) => a.attempt - b.attempt)
    .map((startup) => ({
      startup,
      spans: spansOf(trace, startup, { settings, now }),
      points: pointsOf(startup, { settings, now }),
    }));
}

interface Sending {
  readonly settings: ExportSettings;
  readonly now: Instant;
}

function spansOf(trace: PodTrace, { attempt }: Startup, { settings, now }: Sending): AttemptExport['spans'] {
  const profile = DESTINATIONS[settings.sending.destination];
  if (profile.spans === undefined) return undefined;
  const spans = trace.spans.filter(({ attributes }) => attributes['startup.attempt'] === attempt);
  const pod = { ...trace, spans };
  const plan = planOf(profile, { traces: [pod], points: [] }, { policy: settings.sending.tooOld, now });
  const sent = plan.traces.flatMap((each) => each.spans);
  return {
    pod,
    parts: Object.fromEntries(spans.map((span) => [span.spanId, digestOf(span)])),
    items: new Map(sent.map((span) => [span.spanId, span])),
    tooOld: spans.length - sent.length,
  };
}

function pointsOf(startup: Startup, { settings, now }: Sending): SignalExport<MetricPoint> | undefined {
  const { destination, metrics, tooOld } = settings.sending;
  const profile = DESTINATIONS[destination];
  if (!metrics || profile.points === undefined) return undefined;
  const { points } = rawPoints([startup]);
  // A store that adds up gets them at the time of sending, which is never too old.
  const isAdded = profile.points.keeps === 'accumulated';
  const items = points.flatMap((point) => {
    const [sent] = isAdded
      ? [point]
      : planOf(profile, { traces: [], points: [point] }, { policy: tooOld, now }).points;
    return sent === undefined ? [] : [[partOf(point), sent] as const];
  });
  return {
    parts: Object.fromEntries(points.map((point) => [partOf(point), digestOf(point)])),
    items: new Map(items),
    tooOld: points.length - items.length,
  };
}

/** A series has one point per startup. Long labels are hashed: the name of a part is bounded. */
const partOf = (point: MetricPoint): string => `${point.instrument.name}/${digestOf(seriesOf(point))}`;

export const rootOf = (startup: Startup): string => spanIdOf(rootKey(startup));

/** Of what it says, whatever the order of its attributes. */
const digestOf = (said: unknown): string =>
  createHash('sha256').update(JSON.stringify(said, plain)).digest('hex').slice(0, 32);

function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

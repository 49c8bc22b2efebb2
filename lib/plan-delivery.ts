// What is to be delivered where, decided before anything is sent: traces, points, and what stays behind.

import { between, earliest, type Instant } from './base/instant.ts';
import type { Tally } from './base/tally.ts';
import { sortedTally } from './base/tally.ts';
import type { ReplayConfig } from './config.ts';
import { type Plan, planOf } from './exporters/age/plan.ts';
import type { PlanWords } from './exporters/age/plan-text.ts';
import type { DestinationProfile } from './exporters/destinations/contract.ts';
import { DESTINATIONS } from './exporters/destinations/index.ts';
import type { Startup } from './model/startup.ts';
import type { Attributes, PodTrace } from './model/trace.ts';
import { accumulatedPoints, type Points, rawPoints } from './telemetry/points/to-points.ts';
import { hasTime, toTraces } from './telemetry/to-trace.ts';

export interface PlannedDelivery {
  readonly plan: Plan;
  readonly words: PlanWords;
  /** Of all points together: what names a pod is no part of it. */
  readonly resource: Attributes;
  /** What the destination makes of it that one would not think. */
  readonly caveats: readonly string[];
  /** For people, whatever becomes of the rest. */
  readonly notes: readonly string[];
}

/** `now`: the moment of sending, which ages are measured from. */
export function planDelivery(
  startups: readonly Startup[],
  { trace, sending }: Pick<ReplayConfig, 'trace' | 'sending'>,
  now: Instant,
): PlannedDelivery {
  const profile = DESTINATIONS[sending.destination];
  const traces = profile.spans === undefined ? [] : toTraces(startups, trace);
  const { points, tally } = sending.metrics ? pointsFor(profile, startups, now) : NO_POINTS;
  const { serviceName, clusterName } = trace;
  const timeless = startups.filter((startup) => !hasTime(startup)).length;
  return {
    plan: planOf(profile, { traces, points }, { policy: sending.tooOld, now }),
    words: { profile, policy: sending.tooOld },
    resource: {
      'service.name': serviceName,
      ...(clusterName !== undefined && { 'k8s.cluster.name': clusterName }),
    },
    caveats: caveatsOf(profile, traces, now),
    notes: [
      ...(timeless === 0 ? [] : [timelessText(timeless)]),
      ...leftOutText(tally),
      ...(points.length > 0 && profile.points?.keeps === 'accumulated' ? [joiningText(profile)] : []),
    ],
  };
}

/** Those of old spans only where there is one that old. */
function caveatsOf(
  { title, caveats }: DestinationProfile,
  traces: readonly PodTrace[],
  now: Instant,
): readonly string[] {
  const starts = traces.flatMap(({ spans }) => spans.map(({ start }) => start));
  const oldest = starts.reduce((at, start) => earliest(at, start), now);
  return caveats
    .filter(({ after }) => after === undefined || between(oldest, now) > after)
    .map(({ says }) => `${title}: ${says}`);
}

const NO_POINTS: Points = { points: [], tally: new Map() };

/** A replay has no run before it: its interval begins with the first start. */
function pointsFor({ points }: DestinationProfile, startups: readonly Startup[], now: Instant): Points {
  if (points?.keeps !== 'accumulated') return rawPoints(startups);
  const start = startups.filter(hasTime).reduce((at, { start }) => earliest(at, start.at), now);
  return accumulatedPoints(startups, { start, end: now });
}

/** Spans need a place in time; nothing is sent with an invented one. */
const timelessText = (timeless: number): string =>
  `${timeless} ${timeless === 1 ? 'startup has' : 'startups have'} no time at all and cannot be a trace: take the log with kubectl logs --timestamps`;

const joiningText = ({ title }: DestinationProfile): string =>
  `${title} adds up deltas whose intervals join: points of a second replay overlap these and would be dropped there, with status 200`;

const WHY: Readonly<Record<string, string>> = {
  open: 'never ended',
  start_unknown: 'beginning not seen',
  failed: 'failed',
  image_cached: 'image was there already',
  imprecise: 'known less exactly than its length',
  no_clock: 'no clock',
  not_ready: 'never ready: no total',
  group_worker: 'a worker of a group: its leader has the total',
  created_unknown: 'pod not seen created: no total',
};

/** `not in the histograms: 3 lengths (never ended 2, failed 1)`. */
function leftOutText(tally: Tally): readonly string[] {
  const counts = Object.entries(sortedTally(tally)).map(
    ([name, count]) => [name.split('.').at(-1) ?? '', count] as const,
  );
  const left = counts.filter(([name]) => WHY[name] !== undefined);
  const overflowed = tally.get('points.overflowed') ?? 0;
  const total = left.reduce((sum, [, count]) => sum + count, 0);
  const whys = left.map(([name, count]) => `${WHY[name]} ${count}`).join(', ');
  return [
    ...(total === 0
      ? []
      : [`not in the histograms: ${total} ${total === 1 ? 'length' : 'lengths'} (${whys})`]),
    ...(overflowed === 0
      ? []
      : [`${overflowed} values over the limit of series are told together as otel.metric.overflow=true`]),
  ];
}

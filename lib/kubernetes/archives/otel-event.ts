// An event put together again from the attributes that OpenTelemetry's receiver k8s_events makes of it.
//
// The receiver keeps the name (with its nanoseconds), the uid, the count, the
// creation (as Go prints a time) and one more time, which is the record's own:
// eventTime, else the last occurrence. So an event of count 1 has all its times;
// of a repeated one the first is in the name, which the creation vouches for.

import { formatInstant, type Instant, instant, parseInstant } from '../../base/instant.ts';
import type { JsonObject } from '../../base/json.ts';
import { nanosecondsIn } from '../objects/moments.ts';

/** Attributes of the record and, where it has none, of its resource; numbers as text. */
export type Attributes = ReadonlyMap<string, string>;

export interface ToldEvent {
  readonly attributes: Attributes;
  readonly message: string;
  /** severityText: Normal or Warning. */
  readonly type: string;
  /** The record's own time; undefined where the envelope does not carry it. */
  readonly at: Instant | undefined;
}

/** Undefined when the attributes are not those of an event. */
export function eventOf({ attributes, message, type, at }: ToldEvent): JsonObject | undefined {
  const name = attributes.get('k8s.event.name');
  const reason = attributes.get('k8s.event.reason');
  if (name === undefined || reason === undefined) return undefined;
  const namespace = attributes.get('k8s.namespace.name');
  const uid = attributes.get('k8s.event.uid');
  const host = attributes.get('k8s.node.name');
  const count = Number(attributes.get('k8s.event.count') ?? '1');
  const created = creationOf(attributes.get('k8s.event.start_time') ?? '');
  return {
    kind: 'Event',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(created === undefined ? {} : { creationTimestamp: wholeSecond(created) }),
    },
    involvedObject: involved(attributes, namespace),
    reason,
    message,
    type,
    count,
    ...timesOf({ name, count, created, at }),
    ...(host === undefined ? {} : { source: { host } }),
    reportingComponent:
      attributes.get('k8s.event.reporting_controller') ?? attributes.get('k8s.event.source'),
  };
}

/** Up to 0.4x the attributes were named after the kind, and the container's after its path. */
function involved(attributes: Attributes, namespace: string | undefined): JsonObject {
  const isOld = attributes.has('k8s.pod.uid') && !attributes.has('k8s.object.uid');
  return {
    kind: isOld ? 'Pod' : attributes.get('k8s.object.kind'),
    name: attributes.get(isOld ? 'k8s.pod.name' : 'k8s.object.name'),
    uid: attributes.get(isOld ? 'k8s.pod.uid' : 'k8s.object.uid'),
    fieldPath: attributes.get(isOld ? 'k8s.container.name' : 'k8s.object.fieldpath'),
    namespace,
  };
}

interface Told {
  readonly name: string;
  readonly count: number;
  readonly created: Instant | undefined;
  readonly at: Instant | undefined;
}

/** A time with a fraction is eventTime (or the last of a series), a whole second lastTimestamp. */
function timesOf({ name, count, created, at }: Told): JsonObject {
  const known = at !== undefined && at > 0n ? at : undefined;
  const named = firstByName(name, created);
  const first = named ?? (count <= 1 ? known : undefined);
  if (known === undefined) return first === undefined ? {} : { firstTimestamp: wholeSecond(first) };
  if (known % SECOND === 0n)
    return { ...(first && { firstTimestamp: wholeSecond(first) }), lastTimestamp: wholeSecond(known) };
  return count <= 1 ? { eventTime: microsecond(known) } : { lastTimestamp: microsecond(known) };
}

const SECOND = 1_000_000_000n;

/** Anyone may choose a name, but not the creation: a name's instant counts when the event was made within seconds of it. */
const VOUCHED = 5n * SECOND;

function firstByName(name: string, created: Instant | undefined): Instant | undefined {
  const named = nanosecondsIn(name);
  if (named === undefined || created === undefined) return undefined;
  const late = created - named;
  return late > -SECOND && late < VOUCHED ? named : undefined;
}

const wholeSecond = (at: Instant): string => `${formatInstant(at).slice(0, 19)}Z`;

const microsecond = (at: Instant): string => `${formatInstant(at).slice(0, 26)}Z`;

/** metav1.Time's String(): `2026-11-22 01:41:40 +0000 UTC`. */
const GO_TIME =
  /^(?<date>\d{4}-\d\d-\d\d) (?<time>\d\d:\d\d:\d\d) (?<sign>[+-])(?<hh>\d\d)(?<mm>\d\d)(?: \S{1,10})?$/;

function creationOf(text: string): Instant | undefined {
  const groups = GO_TIME.exec(text)?.groups;
  if (groups === undefined) return parseInstant(text);
  const { date, time, sign, hh, mm } = groups;
  const at = parseInstant(`${date}T${time}${sign}${hh}:${mm}`);
  return at === undefined ? undefined : instant(at);
}

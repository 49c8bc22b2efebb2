// A pod event, core/v1 or events.k8s.io/v1, down to what is needed of it.

import { type JsonObject, objectAt, textAt } from '../../base/json.ts';
import { redact } from '../../base/redact.ts';
import { cut } from '../../base/text.ts';
import type { Moment } from '../../model/mark.ts';
import { firstMoment, momentOf } from './moments.ts';
import type { UnusableRecord } from './problem.ts';

export interface EventRecord {
  readonly kind: 'event';
  /** metadata.uid; `<namespace>/<name>` when there is none. */
  readonly uid: string;
  readonly name: string;
  /** resourceVersion as a number: later versions of one event have higher ones. -1 when unknown. */
  readonly version: number;
  readonly pod: {
    readonly uid: string;
    readonly namespace: string | undefined;
    readonly name: string | undefined;
  };
  /** From `involvedObject.fieldPath`: `spec.initContainers{x}`. */
  readonly container: string | undefined;
  readonly isInit: boolean;
  readonly reason: string;
  /** Redacted. */
  readonly message: string;
  readonly warning: boolean;
  /** Occurrences that this one object stands for; at least 1. */
  readonly count: number;
  readonly first: Moment | undefined;
  readonly last: Moment | undefined;
  /** When the API server wrote it down, by its own clock. */
  readonly recorded?: Moment;
  /** kubelet, default-scheduler, cluster-autoscaler, karpenter … */
  readonly reporter: string | undefined;
  /** Node of the kubelet that reported it. */
  readonly host: string | undefined;
}

/** Kubelets cut messages at 1024; the rest is an error's tail. */
const MESSAGE = 1024;

/** Undefined for events about something other than a pod. */
export function eventRecord(event: JsonObject): EventRecord | UnusableRecord | undefined {
  const about = 'regarding' in event ? objectAt(event, 'regarding') : objectAt(event, 'involvedObject');
  if (textAt(about, 'kind') !== 'Pod') return undefined;
  const metadata = objectAt(event, 'metadata');
  const name = textAt(metadata, 'name') ?? '';
  const uid = textAt(about, 'uid');
  if (uid === undefined) return unusable(name);
  const source = sourceOf(event);
  return {
    kind: 'event',
    uid: textAt(metadata, 'uid') ?? `${textAt(metadata, 'namespace') ?? ''}/${name}`,
    name,
    version: versionOf(metadata),
    pod: { uid, namespace: textAt(about, 'namespace'), name: textAt(about, 'name') },
    ...containerOf(textAt(about, 'fieldPath')),
    reason: textAt(event, 'reason') ?? '',
    message: messageOf(event),
    warning: event['type'] === 'Warning',
    ...timesOf(event, name),
    ...recordedAt(metadata),
    reporter:
      textAt(event, 'reportingComponent') ??
      textAt(event, 'reportingController') ??
      textAt(source, 'component'),
    host: textAt(source, 'host'),
  };
}

function recordedAt(metadata: JsonObject): Pick<EventRecord, 'recorded'> {
  const recorded = momentOf(metadata['creationTimestamp']);
  return recorded === undefined ? {} : { recorded };
}

const unusable = (name: string): UnusableRecord => ({
  kind: 'unusable',
  problem: { where: `event/${name}`, expected: 'involvedObject.uid', came: 'none' },
});

const sourceOf = (event: JsonObject): JsonObject => {
  const source = objectAt(event, 'source');
  return Object.keys(source).length > 0 ? source : objectAt(event, 'deprecatedSource');
};

/** client-go puts this in front when more than ten alike events came within ten minutes. */
const COMBINED = '(combined from similar events): ';

const messageOf = (event: JsonObject): string =>
  cleanMessage(textAt(event, 'message') ?? textAt(event, 'note') ?? '');

/** Without client-go's own words, redacted, cut. */
export function cleanMessage(message: string): string {
  const bare = message.startsWith(COMBINED) ? message.slice(COMBINED.length) : message;
  return cut(redact(cut(bare, 2 * MESSAGE)), MESSAGE);
}

/** `spec.containers{server}` */
function containerOf(path: string | undefined): {
  readonly container: string | undefined;
  readonly isInit: boolean;
} {
  const groups =
    /^spec\.(?<list>initContainers|containers|ephemeralContainers)\{(?<name>[^{}]{1,253})\}$/.exec(
      path ?? '',
    )?.groups;
  return { container: groups?.['name'], isInit: groups?.['list'] === 'initContainers' };
}

interface Times {
  readonly count: number;
  readonly first: Moment | undefined;
  readonly last: Moment | undefined;
}

function timesOf(event: JsonObject, name: string): Times {
  const series = objectAt(event, 'series');
  const first = firstMoment({
    name,
    firstTimestamp: event['firstTimestamp'] ?? event['deprecatedFirstTimestamp'],
    eventTime: event['eventTime'],
    created: objectAt(event, 'metadata')['creationTimestamp'],
  });
  const last = series['lastObservedTime'] ?? event['lastTimestamp'] ?? event['deprecatedLastTimestamp'];
  const count = Math.max(1, whole(event['count']), whole(event['deprecatedCount']), whole(series['count']));
  return { count, first, last: momentOf(last) };
}

/** Counts of strangers: a safe whole number or 0. */
export const whole = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;

/** resourceVersion of a metadata, comparable; -1 when it is none. */
export function versionOf(metadata: JsonObject): number {
  const text = metadata['resourceVersion'];
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : -1;
}

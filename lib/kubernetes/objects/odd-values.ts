// Values of an object that nobody can have meant: they are not used, and that is told once per object.

import { isObject, type JsonObject, objectAt, textAt } from '../../base/json.ts';
import { redact } from '../../base/redact.ts';
import { cut } from '../../base/text.ts';
import { isRestartCount } from './container-status.ts';
import { isPlausible, isZeroTime, momentLike } from './moments.ts';
import type { UnusableRecord } from './problem.ts';
import type { KubeRecord } from './record.ts';

/** Nothing for an object whose times and counts can be true. Only what is read of an object is looked at. */
export function oddValues(object: JsonObject): readonly UnusableRecord[] {
  const odd = [...oddIn(objectAt(object, 'metadata'), 1), ...oddIn(objectAt(object, 'status'), DEEPEST)];
  const own = Object.entries(object).flatMap(([key, value]) => oddValue(key, value));
  const all = [...own, ...odd];
  const [first] = all;
  if (first === undefined) return [];
  const more = all.length > 1 ? ` (and ${all.length - 1} more)` : '';
  return [
    {
      kind: 'unusable',
      isPartly: true,
      problem: {
        where: whereOf(object),
        expected: 'times from 2015 to 2099 and restart counts from 0 to 1000000',
        came: `${cut(redact(first), 120)}${more}: not used`,
      },
    },
  ];
}

/** What cannot be true of a pod or an event is told, the rest of it is used. */
export const withOddValues = (object: JsonObject, record: KubeRecord): readonly KubeRecord[] =>
  record.kind === 'pod' || record.kind === 'event' ? [record, ...oddValues(object)] : [record];

/** status, a list of statuses, a status, its state, the state's times. */
const DEEPEST = 6;

function oddIn(value: unknown, depth: number): readonly string[] {
  if (depth < 0) return [];
  if (Array.isArray(value)) return value.flatMap((one) => oddIn(one, depth - 1));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => [...oddValue(key, one), ...oddIn(one, depth - 1)]);
}

function oddValue(key: string, value: unknown): readonly string[] {
  if (key === 'restartCount') return isRestartCount(value) ? [] : [`restartCount ${shown(value)}`];
  const at = TIMES.has(key) ? momentLike(value) : undefined;
  return at === undefined || isPlausible(at) || isZeroTime(at) ? [] : [`${key} ${shown(value)}`];
}

/** An object of JSON may have a member that is called `toString`. */
const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The names of all times that are read of pods and events. */
const TIMES: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'deletionTimestamp',
  'startTime',
  'lastTransitionTime',
  'startedAt',
  'finishedAt',
  'firstTimestamp',
  'lastTimestamp',
  'eventTime',
  'deprecatedFirstTimestamp',
  'deprecatedLastTimestamp',
]);

function whereOf(object: JsonObject): string {
  const metadata = objectAt(object, 'metadata');
  const kind = textAt(object, 'kind') === 'Event' ? 'event' : 'pod';
  const names = [textAt(metadata, 'namespace'), textAt(metadata, 'name')].filter(
    (part) => part !== undefined,
  );
  return cut(redact(`${kind}/${names.join('/')}`), 300);
}

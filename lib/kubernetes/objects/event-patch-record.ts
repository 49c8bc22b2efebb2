// One repetition of an event, as the API server was told of it: nothing but its name, a count and a time.

import { type JsonObject, objectAt, textAt } from '../../base/json.ts';
import type { Moment, Proof } from '../../model/mark.ts';
import { cleanMessage, whole } from './event-record.ts';
import { momentOf } from './moments.ts';

export interface EventPatchRecord {
  readonly kind: 'event_patch';
  readonly namespace: string;
  /** Of the event: the only thing that tells which one it is. */
  readonly name: string;
  /** Occurrences up to and with this one; undefined when the patch does not say. */
  readonly count: number | undefined;
  /** When it happened, in the words of who reports it: a whole second from a kubelet. */
  readonly last: Moment | undefined;
  /** Redacted. */
  readonly message: string | undefined;
  /** When the API server was told, to the microsecond. */
  readonly at: Moment;
  readonly proof: Proof;
}

export interface EventPatchRequest {
  readonly namespace: string;
  readonly name: string;
  readonly at: Moment;
  readonly proof: Proof;
}

/**
 * The merge patch of client-go, core/v1 and events.k8s.io:
 * `{"count":2,"lastTimestamp":"…Z","message":"…"}`, `{"series":{"count":2,"lastObservedTime":"…Z"}}`.
 */
export function eventPatchRecord(patch: JsonObject, request: EventPatchRequest): EventPatchRecord {
  const series = objectAt(patch, 'series');
  const last = series['lastObservedTime'] ?? patch['lastTimestamp'] ?? patch['deprecatedLastTimestamp'];
  const count = Math.max(whole(patch['count']), whole(patch['deprecatedCount']), whole(series['count']));
  const message = textAt(patch, 'message') ?? textAt(patch, 'note');
  return {
    kind: 'event_patch',
    ...request,
    count: count > 0 ? count : undefined,
    last: momentOf(last),
    message: message === undefined ? undefined : cleanMessage(message),
  };
}

// Which logs of a pod the kubelet can still give, and which run of its container each is.

import { type Instant, parseInstant } from '../../base/instant.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../base/json.ts';

/** The log of one run of one container. */
export interface LogTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  /** Restart count of the container during this run. */
  readonly run: number;
  /** When the run began, if it is the current one. */
  readonly started: Instant | undefined;
}

/** How a run is asked for. */
export type Place = 'current' | 'previous' | 'gone';

interface Status {
  readonly container: string;
  readonly restarts: number;
  /** Running or ended: `restarts` counts it. Otherwise the container waits, and the last run is the one that `restarts` counts. */
  readonly isThere: boolean;
  readonly hasLast: boolean;
  readonly started: Instant | undefined;
}

/** Newest run first, init containers first. A container that never ran has none. */
export function logTargets(pod: JsonObject): readonly LogTarget[] {
  const metadata = objectAt(pod, 'metadata');
  const [namespace, name, uid] = ['namespace', 'name', 'uid'].map((key) => textAt(metadata, key));
  if (namespace === undefined || name === undefined || uid === undefined) return [];
  return statusesOf(pod).flatMap((status) =>
    runsOf(status).map((run) => ({
      namespace,
      pod: name,
      uid,
      container: status.container,
      run,
      started: run === status.restarts ? status.started : undefined,
    })),
  );
}

function runsOf({ isThere, restarts, hasLast }: Status): readonly number[] {
  if (isThere) return restarts > 0 ? [restarts, restarts - 1] : [0];
  return hasLast ? [restarts] : [];
}

/**
 * Where the kubelet has this run now. While a container waits for its next
 * start, the kubelet takes "current" for the run that has just ended.
 */
export function placeOf(pod: JsonObject, { uid, container, run }: LogTarget): Place {
  if (textAt(objectAt(pod, 'metadata'), 'uid') !== uid) return 'gone';
  const status = statusesOf(pod).find((one) => one.container === container);
  if (status === undefined) return 'gone';
  if (run === status.restarts) return 'current';
  return status.isThere && run === status.restarts - 1 ? 'previous' : 'gone';
}

function statusesOf(pod: JsonObject): readonly Status[] {
  const status = objectAt(pod, 'status');
  const lists = ['initContainerStatuses', 'containerStatuses'].flatMap((key) => listAt(status, key));
  return lists.filter(isObject).flatMap((one) => {
    const container = textAt(one, 'name');
    return container === undefined ? [] : [statusOf(one, container)];
  });
}

function statusOf(status: JsonObject, container: string): Status {
  const count = status['restartCount'];
  const state = objectAt(status, 'state');
  const started =
    textAt(objectAt(state, 'running'), 'startedAt') ?? textAt(objectAt(state, 'terminated'), 'startedAt');
  return {
    container,
    restarts: typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0,
    isThere: isObject(state['running']) || isObject(state['terminated']),
    hasLast: isObject(objectAt(status, 'lastState')['terminated']),
    started: started === undefined ? undefined : parseInstant(started),
  };
}

/** Since when the pod is Ready; undefined when it is not. */
export function readySince(pod: JsonObject): Instant | undefined {
  const conditions = listAt(objectAt(pod, 'status'), 'conditions').filter(isObject);
  const ready = conditions.find(({ type, status }) => type === 'Ready' && status === 'True');
  const since = ready === undefined ? undefined : textAt(ready, 'lastTransitionTime');
  return since === undefined ? undefined : parseInstant(since);
}

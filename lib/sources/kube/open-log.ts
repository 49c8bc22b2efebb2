// Opens the log of one run of one container, and makes sure that it is that run's.
//
// The API answers with "the current run" or "the one before": a container that
// restarts between the list and the question would lend its log to another
// attempt. So the pod is looked at once more while the log is already open.

import { formatInstant, type Instant } from '../../base/instant.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Ask, Reply } from './access.ts';
import { listAll } from './list.ts';
import { podList } from './lists.ts';
import { type LogTarget, type Place, placeOf } from './pod-logs.ts';
import { type Refusal, refusalOf } from './refusal.ts';

export type Opened =
  | { readonly kind: 'log'; readonly reply: Reply }
  /** Normal: the container has not begun, or its log has been removed. */
  | { readonly kind: 'none' }
  /** It restarted meanwhile, more than the kubelet remembers. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface LogQuestion {
  readonly target: LogTarget;
  /** As it was listed. */
  readonly pod: JsonObject;
  /** Only what was written after this. */
  readonly since: Instant | undefined;
}

const TRIES = 3;

export async function openLog(ask: Ask, { target, pod, since }: LogQuestion): Promise<Opened> {
  let place: Place = placeOf(pod, target);
  for (let tried = 0; tried < TRIES && place !== 'gone'; tried += 1) {
    const reply = await ask({ path: logPath(target), query: logQuery(target, place, since) });
    const refusal = await refusalOf(reply);
    if (refusal !== undefined || !reply.ok) return refused(refusal, target);
    const now = await placeNow(ask, target, place);
    if (now === place) return { kind: 'log', reply: reply.value };
    reply.value.close();
    place = now;
  }
  return { kind: 'gone' };
}

const logPath = ({ namespace, pod }: LogTarget): string =>
  `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;

function logQuery(
  { container }: LogTarget,
  place: Place,
  since: Instant | undefined,
): Readonly<Record<string, string>> {
  return {
    container,
    timestamps: 'true',
    ...(place === 'previous' ? { previous: 'true' } : {}),
    ...(since === undefined ? {} : { sinceTime: formatInstant(since) }),
  };
}

/**
 * `previous terminated container "x" in pod "y" not found`, `container "x" in pod "y" is waiting to start:
 * PodInitializing` (400, kubelet 1.36), and 404 of a pod that was deleted meanwhile. A node that is gone
 * is a 404 too, `pods "node-1" not found` (kube-apiserver 1.36): that log is lost.
 */
function refused(refusal: Refusal | undefined, { pod }: LogTarget): Opened {
  if (refusal === undefined || refusal.status === 400) return { kind: 'none' };
  const isDeleted = refusal.status === 404 && refusal.says.includes(`pods "${pod}" not found`);
  return isDeleted ? { kind: 'none' } : { kind: 'refused', refusal };
}

/** A pod that is gone cannot have restarted; one that cannot be asked about is believed to be as it was. */
async function placeNow(ask: Ask, target: LogTarget, place: Place): Promise<Place> {
  const { namespace, pod: name } = target;
  const { items } = await listAll(
    ask,
    podList({ namespace, name, selector: undefined }).spec,
    (item) => item,
  );
  const [pod] = items;
  return pod === undefined ? place : placeOf(pod, target);
}

// Pods and events for tests, written as a cluster would give them.

import type { JsonObject } from '../../lib/base/json.ts';
import { type KubeRecord, recordOf, storiesOf } from '../../lib/kubernetes/index.ts';
import type { PodStory } from '../../lib/model/pod-story.ts';

export const UID = '3ea3ef66-5f89-43b7-b88b-6ee26f5b18a4';

/** Seconds after 2026-11-22T01:00:00Z, whole, as metav1.Time writes them. */
export const second = (n: number): string =>
  new Date(Date.UTC(2026, 10, 22, 1, 0, 0) + n * 1000).toISOString().replace('.000Z', 'Z');

export const nanos = (n: number): bigint =>
  BigInt(Date.UTC(2026, 10, 22, 1, 0, 0)) * 1_000_000n + BigInt(Math.round(n * 1e9));

export interface EventOf {
  readonly reason: string;
  readonly message: string;
  /** Seconds after the hour; the name carries its nanoseconds. */
  readonly at: number;
  readonly count?: number;
  readonly last?: number;
  readonly container?: string;
  readonly init?: boolean;
  readonly fieldPath?: false;
}

export function event({
  reason,
  message,
  at,
  count = 1,
  last = at,
  container = 'main',
  init = false,
  ...rest
}: EventOf): JsonObject {
  const list = init ? 'initContainers' : 'containers';
  const path = rest.fieldPath === false ? {} : { fieldPath: `spec.${list}{${container}}` };
  const name = `demo.${nanos(at).toString(16)}`;
  return {
    kind: 'Event',
    metadata: { name, namespace: 'ns', uid: `${name}/${reason}`, resourceVersion: String(1000 + count) },
    involvedObject: { kind: 'Pod', namespace: 'ns', name: 'demo', uid: UID, ...path },
    reason,
    message,
    count,
    firstTimestamp: second(Math.floor(at)),
    lastTimestamp: second(Math.floor(last)),
    type: 'Normal',
    reportingComponent: 'kubelet',
    source: { component: 'kubelet', host: 'node-1' },
  };
}

export interface PodOf {
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  readonly metadata?: JsonObject;
}

export const pod = ({ spec = {}, status = {}, metadata = {} }: PodOf = {}): JsonObject => ({
  kind: 'Pod',
  metadata: {
    name: 'demo',
    namespace: 'ns',
    uid: UID,
    resourceVersion: '1',
    creationTimestamp: second(0),
    ...metadata,
  },
  spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'repo/vllm:v1' }], ...spec },
  status: { phase: 'Running', ...status },
});

export const condition = (type: string, status: string, at: number, reason?: string): JsonObject => ({
  type,
  status,
  lastTransitionTime: second(at),
  ...(reason === undefined ? {} : { reason }),
});

export const recordsOf = (objects: readonly JsonObject[]): readonly KubeRecord[] =>
  objects.flatMap((object) => recordOf(object) ?? []);

/** The only story of these objects. */
export function story(...objects: readonly JsonObject[]): PodStory {
  const [only, other] = storiesOf(recordsOf(objects));
  if (only === undefined || other !== undefined) throw new Error('expected one story');
  return only;
}

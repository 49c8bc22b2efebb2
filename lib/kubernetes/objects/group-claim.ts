// What a pod's labels say of the group that it was made for: LeaderWorkerSet, KubeRay.
//
// A shared name prefix or StatefulSet is no proof: replicas of one set have it
// too, and each of them serves alone.

import { type JsonObject, objectAt, textAt } from '../../base/json.ts';
import type { GroupClaim, GroupRole } from '../../model/group.ts';

/** The controller of the group sets them itself; the first that speaks is believed. */
export function groupClaim(metadata: JsonObject): GroupClaim | undefined {
  const labels = objectAt(metadata, 'labels');
  return leaderWorkerSet(labels, objectAt(metadata, 'annotations')) ?? rayCluster(labels);
}

const LWS = 'leaderworkerset.sigs.k8s.io';

/**
 * LWS 0.3 to 0.7 (api/leaderworkerset/v1): `worker-index` is 0 for the leader.
 * `group-key` is the sha1 of the leader's namespace and name, so it stays the
 * same when the group is made anew: it tells groups apart, not generations.
 */
function leaderWorkerSet(labels: JsonObject, annotations: JsonObject): GroupClaim | undefined {
  const name = textAt(labels, `${LWS}/name`);
  const rank = whole(labels[`${LWS}/worker-index`]);
  const index = whole(labels[`${LWS}/group-index`]);
  if (name === undefined || rank === undefined || index === undefined) return undefined;
  const size = whole(annotations[`${LWS}/size`]);
  return {
    kind: 'leaderworkerset',
    key: `${name}/${index}`,
    name,
    index,
    role: rank === 0 ? 'leader' : 'worker',
    rank,
    ...(size === undefined || size === 0 ? {} : { size }),
    because: `label ${LWS}/worker-index=${rank}`,
  };
}

const NODE_TYPES: ReadonlyMap<string, GroupRole> = new Map([
  ['head', 'leader'],
  ['worker', 'worker'],
]);

/** KubeRay 0.3 to 1.5 (ray-operator constant.go). How many workers there will be is not on the pod. */
function rayCluster(labels: JsonObject): GroupClaim | undefined {
  const name = textAt(labels, 'ray.io/cluster');
  const type = textAt(labels, 'ray.io/node-type') ?? '';
  const role = NODE_TYPES.get(type);
  if (name === undefined || role === undefined) return undefined;
  const rank = role === 'leader' ? { rank: 0 } : {};
  return { kind: 'raycluster', key: name, name, role, ...rank, because: `label ray.io/node-type=${type}` };
}

/** Labels are text: `"3"`. */
function whole(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
}

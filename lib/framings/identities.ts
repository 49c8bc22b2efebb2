// Whose line it is, as envelopes say it: labels, paths and names of log streams.

import { type JsonObject, objectAt, textAt } from '../base/json.ts';
import { podUid } from '../model/ids.ts';
import type { Identity } from '../model/log-run.ts';

/** What was found; '' and undefined both mean: not said. */
export interface Found {
  readonly uid?: string | undefined;
  readonly namespace?: string | undefined;
  readonly pod?: string | undefined;
  readonly container?: string | undefined;
  readonly restart?: number | undefined;
  readonly node?: string | undefined;
  readonly cluster?: string | undefined;
}

/** Undefined when no pod is known: such a line belongs to whoever the file belongs to. */
export function identityFrom({
  uid,
  namespace,
  pod,
  container,
  restart,
  node,
  cluster,
}: Found): Identity | undefined {
  const identity: Identity = {
    ...(uid ? { uid: podUid(uid) } : {}),
    ...(namespace ? { namespace } : {}),
    ...(pod ? { pod } : {}),
    ...(container ? { container } : {}),
    ...(restart === undefined || !Number.isInteger(restart) || restart < 0 ? {} : { restart }),
    ...(node ? { node } : {}),
  };
  if (Object.keys(identity).length === 0) return undefined;
  return cluster ? { ...identity, cluster } : identity;
}

/** The outer envelope is the trusted one: what the inner says only fills its holes. */
export function mergeIdentities(
  outer: Identity | undefined,
  inner: Identity | undefined,
): Identity | undefined {
  return outer === undefined || inner === undefined ? (outer ?? inner) : { ...inner, ...outer };
}

/** True when it says which pod. */
export const namesPod = ({ uid, pod }: Identity): boolean => uid !== undefined || pod !== undefined;

/** True when it says which pod, container or program. */
export const namesWriter = (identity: Identity): boolean =>
  namesPod(identity) || identity.container !== undefined;

/** True when `inner` calls the line another pod's, or a pod's at all where `outer` knows a container without one. */
export function namesAnother(outer: Identity, inner: Identity): boolean {
  if (!namesWriter(outer) || !namesPod(inner)) return false;
  const differs = (key: 'uid' | 'pod' | 'namespace'): boolean =>
    outer[key] !== undefined && inner[key] !== undefined && outer[key] !== inner[key];
  return !namesPod(outer) || differs('uid') || differs('pod') || differs('namespace');
}

const NAME = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?';

/** kubelet's files: /var/log/pods/<ns>_<pod>_<uid>/<container>/<n>.log */
const POD_FILE = new RegExp(
  `/(?<namespace>${NAME})_(?<pod>${NAME})_(?<uid>[0-9a-f-]{32,36})/(?<container>${NAME})/(?<restart>\\d{1,6})\\.log`,
);

/** kubelet's links, also as Fluent Bit's tags: …<pod>_<ns>_<container>-<docker id>.log */
const LINK = new RegExp(
  `(?<pod>${NAME})_(?<namespace>${NAME})_(?<container>${NAME})-(?<id>[0-9a-f]{64})(?:\\.log)?$`,
);

/** From the path of the log file on the node. */
export function identityOfPath(path: string): Identity | undefined {
  if (path.length > 4096) return undefined;
  const groups = POD_FILE.exec(path)?.groups;
  if (groups === undefined) return identityOfLink(path.slice(path.lastIndexOf('/') + 1));
  return identityFrom({ ...groups, restart: Number(groups['restart']) });
}

const FOLDER = 'var.log.containers.';

const TAG = /^(?:(?<node>[A-Za-z0-9][A-Za-z0-9.-]{0,252})-application\.)?var\.log\.containers\./;

/**
 * From the name of a CloudWatch log stream of Container Insights:
 * `<node>-application.var.log.containers.<pod>_<namespace>_<container>-<64 hex>.log`.
 */
export function identityOfLogStream(name: string): Identity | undefined {
  // Writers other than Container Insights put something else in front: `from-fluent-bit-kube.`.
  const at = name.lastIndexOf(FOLDER);
  const identity = identityOfLink(at < 0 ? name : name.slice(at + FOLDER.length));
  const node = TAG.exec(name)?.groups?.['node'];
  return identity === undefined || node === undefined ? identity : { ...identity, node };
}

/**
 * From the name of a CloudWatch log group: `/aws/containerinsights/CLUSTER/application`,
 * `/aws/eks/CLUSTER/cluster`. Insights puts the account in front (`123456789012:/aws/…`).
 */
export function clusterOfLogGroup(group: string): string | undefined {
  return /^(?:\d{12}:)?\/aws\/(?:containerinsights\/(?<a>[\w.-]{1,100})\/\w|eks\/(?<b>[\w.-]{1,100})\/cluster$)/
    .exec(group)
    ?.slice(1)
    .find((name) => name !== undefined);
}

function identityOfLink(name: string): Identity | undefined {
  const groups = name.length > 800 ? undefined : LINK.exec(name)?.groups;
  return groups === undefined ? undefined : identityFrom(groups);
}

/**
 * From the `kubernetes` member that shippers add. Fluent Bit writes namespace_name, pod_id
 * and host; Vector pod_namespace, pod_uid and pod_node_name; Filebeat nests objects.
 */
export function identityOfKubernetes(kubernetes: JsonObject): Identity | undefined {
  const first = (...keys: readonly string[]): string | undefined =>
    keys.map((key) => textAt(kubernetes, key)).find((value) => value !== undefined);
  const pod = objectAt(kubernetes, 'pod');
  return identityFrom({
    uid: first('pod_id', 'pod_uid') ?? textAt(pod, 'uid'),
    namespace: first('namespace_name', 'pod_namespace', 'namespace'),
    pod: first('pod_name') ?? textAt(pod, 'name'),
    container: first('container_name') ?? textAt(objectAt(kubernetes, 'container'), 'name'),
    node: first('host', 'pod_node_name') ?? textAt(objectAt(kubernetes, 'node'), 'name'),
  });
}

// A pod, down to what its story needs: no manifests, no environment, no secrets.

import { before, seconds } from '../../base/instant.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../base/json.ts';
import { redact } from '../../base/redact.ts';
import { cut } from '../../base/text.ts';
import type { GroupClaim } from '../../model/group.ts';
import type { FactValue, Moment } from '../../model/mark.ts';
import type { ContainerKind, ContainerSpec } from '../../model/pod-story.ts';
import { type ContainerStatus, containerStatuses } from './container-status.ts';
import { versionOf } from './event-record.ts';
import { groupClaim } from './group-claim.ts';
import { addressesOf, headsOf } from './head-node.ts';
import { commandLine } from './model-name.ts';
import { momentOf } from './moments.ts';
import { podFacts } from './pod-facts.ts';
import type { UnusableRecord } from './problem.ts';

export interface Condition {
  readonly type: string;
  readonly isTrue: boolean;
  readonly reason: string | undefined;
  readonly at: Moment;
}

export interface PodRecord {
  readonly kind: 'pod';
  readonly uid: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** resourceVersion as a number; -1 when unknown. */
  readonly version: number;
  readonly created: Moment | undefined;
  /** When deletion was asked for: deletionTimestamp lies a grace period later. */
  readonly deleted: Moment | undefined;
  readonly node: string | undefined;
  readonly phase: string | undefined;
  /** status.reason and message: `Evicted`, `DeadlineExceeded`, `UnexpectedAdmissionError`. */
  readonly reason: string | undefined;
  readonly message: string;
  /** When the kubelet accepted it. */
  readonly start: Moment | undefined;
  readonly conditions: readonly Condition[];
  readonly labels: Readonly<Record<string, string>>;
  readonly defaultContainer: string | undefined;
  /** Of a static pod: the uid that its kubelet's events are about. */
  readonly staticUid: string | undefined;
  readonly owner: string | undefined;
  /** Ready waits for more than running containers: probes or gates. */
  readonly isProbed: boolean;
  readonly containers: readonly ContainerSpec[];
  readonly statuses: readonly ContainerStatus[];
  readonly facts: Readonly<Record<string, FactValue>>;
  readonly group: GroupClaim | undefined;
  readonly addresses: readonly string[];
  readonly heads: readonly string[];
  /** When this version was written or came in, where the evidence tells: an audit record, a watch with arrival times. */
  readonly seen?: Seen;
  /** True of a patch: what it does not mention is not gone. */
  readonly isPatch?: true;
  /** Of a patch: conditions that changed within the second of their change before, whose time it therefore leaves out. */
  readonly untimed?: readonly UntimedCondition[];
}

export type UntimedCondition = Omit<Condition, 'at'>;

/** An instant at which the object was as it is told here. */
export interface Seen {
  readonly when: Moment;
  /** The witness: `audit.status_patch`, `watch`. */
  readonly rule: string;
  /** Logical name of the evidence: a file's base name, a log stream. */
  readonly source: string;
  readonly line?: number;
}

/** Long scripts are cut; their ends are rarely asked for. */
const COMMAND = 4000;
const MESSAGE = 1024;

export function podRecord(pod: JsonObject): PodRecord | UnusableRecord {
  const metadata = objectAt(pod, 'metadata');
  const uid = textAt(metadata, 'uid');
  if (uid === undefined) return unusable(metadata);
  const spec = objectAt(pod, 'spec');
  const status = objectAt(pod, 'status');
  const annotations = objectAt(metadata, 'annotations');
  const defaultContainer = textAt(annotations, 'kubectl.kubernetes.io/default-container');
  return {
    kind: 'pod',
    uid,
    namespace: textAt(metadata, 'namespace'),
    name: textAt(metadata, 'name'),
    version: versionOf(metadata),
    created: momentOf(metadata['creationTimestamp']),
    deleted: deletionAsked(metadata),
    node: textAt(spec, 'nodeName'),
    phase: textAt(status, 'phase'),
    reason: textAt(status, 'reason'),
    message: cut(redact(cut(textAt(status, 'message') ?? '', 2 * MESSAGE)), MESSAGE),
    start: momentOf(status['startTime']),
    conditions: listAt(status, 'conditions').flatMap(conditionOf),
    labels: labelsOf(metadata),
    defaultContainer,
    staticUid:
      textAt(annotations, 'kubernetes.io/config.mirror') ?? textAt(annotations, 'kubernetes.io/config.hash'),
    owner: ownerOf(metadata),
    isProbed: isProbed(spec),
    containers: containerSpecs(spec),
    statuses: containerStatuses(status),
    facts: podFacts({ metadata, spec, defaultContainer }),
    group: groupClaim(metadata),
    addresses: addressesOf(status),
    heads: headsOf(spec),
  };
}

const unusable = (metadata: JsonObject): UnusableRecord => ({
  kind: 'unusable',
  problem: {
    where: `pod/${[textAt(metadata, 'namespace'), textAt(metadata, 'name')].filter((part) => part !== undefined).join('/')}`,
    expected: 'metadata.uid',
    came: 'none (a manifest, not an object of a cluster?)',
  },
});

function deletionAsked(metadata: JsonObject): Moment | undefined {
  const deadline = momentOf(metadata['deletionTimestamp']);
  const grace = metadata['deletionGracePeriodSeconds'];
  if (deadline === undefined || typeof grace !== 'number' || !(grace >= 0 && grace <= 1e6)) return deadline;
  return { at: before(deadline.at, seconds(grace)), precision: deadline.precision };
}

function conditionOf(condition: unknown): readonly Condition[] {
  if (!isObject(condition)) return [];
  const type = textAt(condition, 'type');
  const at = momentOf(condition['lastTransitionTime']);
  if (type === undefined || at === undefined) return [];
  return [{ type, isTrue: condition['status'] === 'True', reason: textAt(condition, 'reason'), at }];
}

/** A strategic merge patch names what has changed: a condition without a time kept its second. */
export function untimedConditions(status: JsonObject): readonly UntimedCondition[] {
  return listAt(status, 'conditions')
    .filter(isObject)
    .flatMap((one) => {
      const type = textAt(one, 'type');
      const turned = textAt(one, 'status');
      if (type === undefined || turned === undefined || one['lastTransitionTime'] !== undefined) return [];
      return [{ type, isTrue: turned === 'True', reason: textAt(one, 'reason') }];
    });
}

/** A label that looks like a secret loses its value. */
function labelsOf(metadata: JsonObject): Readonly<Record<string, string>> {
  const labels = Object.entries(objectAt(metadata, 'labels')).flatMap(([key, value]) => {
    if (typeof value !== 'string') return [];
    return [[key, redact(`${key}=${value}`).slice(key.length + 1)] as const];
  });
  return Object.fromEntries(labels);
}

function ownerOf(metadata: JsonObject): string | undefined {
  const owners = listAt(metadata, 'ownerReferences').filter(isObject);
  const controller = owners.find((owner) => owner['controller'] === true) ?? owners[0];
  return controller === undefined ? undefined : textAt(controller, 'kind');
}

function isProbed(spec: JsonObject): boolean {
  const containers = [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')].filter(isObject);
  const probes = containers.some((one) => isObject(one['readinessProbe']) || isObject(one['startupProbe']));
  return probes || containers.length === 0 || listAt(spec, 'readinessGates').length > 0;
}

function containerSpecs(spec: JsonObject): readonly ContainerSpec[] {
  const inits = listAt(spec, 'initContainers').filter(isObject);
  const mains = listAt(spec, 'containers').filter(isObject);
  return [
    // A native sidecar is an init container that never ends.
    ...inits.flatMap((c) => containerSpec(c, c['restartPolicy'] === 'Always' ? 'sidecar' : 'init')),
    ...mains.flatMap((c) => containerSpec(c, 'main')),
  ];
}

function containerSpec(container: JsonObject, kind: ContainerKind): readonly ContainerSpec[] {
  const name = textAt(container, 'name');
  if (name === undefined) return [];
  const image = textAt(container, 'image');
  const hasReadinessProbe = isObject(container['readinessProbe']);
  return [{ name, kind, image, hasReadinessProbe, command: cut(redact(commandLine(container)), COMMAND) }];
}

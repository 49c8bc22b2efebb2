// Groups that no label tells: a node whose log or command names the head that it joined.
//
// Names that only look alike prove nothing, and neither does an address that
// two heads could have: such a node stays alone.

import { byText } from '../../base/text.ts';
import type { GroupKind } from '../../model/group.ts';
import type { Startup } from '../../model/startup.ts';
import type { Bound, Circle } from './circle.ts';
import { hostsSaid, sentTo } from './head-names.ts';
import { sameSession } from './ray-session.ts';
import { factOf, factsOf, livedTogether, nameOf, type ToldPod } from './told-pod.ts';

export function logCircles(pods: readonly ToldPod[]): readonly Circle[] {
  const unclaimed = pods.filter(({ evidence }) => evidence.story?.group === undefined);
  const heads = unclaimed.filter(isHead);
  const sent = unclaimed.filter((pod) => !isHead(pod) && namesAnyHead(pod));
  const bonds = heads.length === 0 ? [] : sent.flatMap((pod) => bondOf(pod, heads) ?? []);
  const byHead = Map.groupBy(bonds, ({ heads: [head] }) => (head === undefined ? '' : keyOf(head)));
  return [...byHead.values()].flatMap(circleOf);
}

/** Leads a Ray cluster, or serves what other nodes of vLLM compute. */
const isHead = (pod: ToldPod): boolean => pod.startups.some(isRayHead) || pod.startups.some(isVllmHead);

function isRayHead(startup: Startup): boolean {
  const [role, sent, own] = ['ray_role', 'ray.head', 'ray.node_ip'].map((name) => factOf(startup, name));
  return role === 'head' || (sent !== undefined && sent === own);
}

/** Rank 0 of several nodes or several engines; a headless one serves nobody. */
function isVllmHead({ attributes }: Startup): boolean {
  const isFirst = RANKS.every((name) => (attributes[name] ?? 0) === 0);
  const isSeveral =
    Number(attributes['nnodes'] ?? 1) > 1 || Number(attributes['data_parallel_size'] ?? 1) > 1;
  return attributes['headless'] !== true && isFirst && isSeveral;
}

const RANKS: readonly string[] = ['node_rank', 'data_parallel_rank', 'data_parallel_start_rank'];

/** Cheap: most pods of a cluster have nothing to do with any head. */
const namesAnyHead = (pod: ToldPod): boolean =>
  factsOf(pod, 'ray.session').length > 0 ||
  hostsSaid(pod).length > 0 ||
  (pod.evidence.story?.heads ?? []).length > 0;

interface Bond {
  readonly worker: Bound;
  /** One pod, or its generations. */
  readonly heads: readonly ToldPod[];
}

function bondOf(worker: ToldPod, heads: readonly ToldPod[]): Bond | undefined {
  const found = heads
    .filter((head) => head.evidence.uid !== worker.evidence.uid && sameSession(worker, head) !== false)
    .flatMap((head) => {
      const because = proofOf(worker, head);
      return because === undefined ? [] : [{ head, because }];
    });
  const sure = found.filter(({ head }) => sameSession(worker, head) === true);
  const best = sure.length > 0 ? sure : found;
  const [first] = best;
  if (first === undefined || new Set(best.map(({ head }) => keyOf(head))).size > 1) return undefined;
  const [rank] = RANKS.flatMap((name) => factsOf(worker, name)).map(Number);
  const bound = { pod: worker, because: first.because, ...(rank === undefined ? {} : { rank }) };
  return { worker: bound, heads: best.map(({ head }) => head).sort(byUid) };
}

function proofOf(worker: ToldPod, head: ToldPod): string | undefined {
  const [session] = factsOf(worker, 'ray.session');
  if (sameSession(worker, head) === true) return `the same Ray session ${session}`;
  return sentTo(worker, head) ?? meetsAt(worker, head);
}

/** Every node of vLLM prints where they all meet. */
function meetsAt(worker: ToldPod, head: ToldPod): string | undefined {
  if (!livedTogether(worker, head) || !head.startups.some(isVllmHead)) return undefined;
  const own = hostsSaid(worker);
  const shared = hostsSaid(head).find((host) => own.includes(host));
  return shared === undefined ? undefined : `its log names the meeting point ${shared}, as the head's does`;
}

/** A StatefulSet's pod has the same name when it is made anew; a bare log has only itself. */
const keyOf = ({ evidence: { name, namespace, uid } }: ToldPod): string =>
  name === undefined ? uid : [namespace ?? '', name].join('\0');

const byUid = (a: ToldPod, b: ToldPod): number => byText(a.evidence.uid, b.evidence.uid);

function circleOf(bonds: readonly Bond[]): readonly Circle[] {
  const heads = [
    ...new Map(bonds.flatMap((bond) => bond.heads).map((head) => [head.evidence.uid, head])).values(),
  ];
  const [head] = heads.sort(byUid);
  if (head === undefined) return [];
  const kind: GroupKind = head.startups.some(isRayHead) ? 'ray' : 'vllm';
  const because = kind === 'ray' ? 'its log is that of a Ray head' : 'it serves what the other nodes compute';
  const sizes = [...factsOf(head, 'ray_cluster_size'), ...factsOf(head, 'nnodes')].map(Number);
  return [
    {
      kind,
      name: nameOf(head),
      ...(sizes.length === 0 ? {} : { size: Math.max(...sizes) }),
      leaders: heads.map((pod) => ({ pod, because, rank: 0 })),
      workers: bonds.map(({ worker }) => worker),
    },
  ];
}

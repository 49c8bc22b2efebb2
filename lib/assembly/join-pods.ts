// Which log belongs to which pod.
//
// The uid decides where it is known. A log that only knows a name joins the
// only pod of that name; one that nobody claims stands for itself, with a uid
// made of its content, so that it is the same pod every time it is read.

import { byText } from '../base/text.ts';
import { type PodUid, syntheticUid } from '../model/ids.ts';
import type { Identity, LogRun } from '../model/log-run.ts';
import type { Saying } from '../model/mark.ts';
import type { PodStory } from '../model/pod-story.ts';
import type { PodEvidence } from './evidence.ts';
import { isInside } from './phase-policy.ts';

/** Pods in the order of their uids; the order of the arguments does not matter. */
export function joinPods(stories: readonly PodStory[], logs: readonly LogRun[]): readonly PodEvidence[] {
  const known = knownPods(stories, logs);
  const claimed = new Map<PodUid, LogRun[]>();
  const synthetic = new Map<PodUid, LogRun[]>();
  for (const log of logs) {
    const uid = log.identity.uid ?? onlyPodNamed(known, log.identity);
    if (uid !== undefined) append(claimed, uid, log);
    else if (holdsStart(log)) append(synthetic, uidOf(log), log);
  }
  const uids = new Set([...stories.flatMap(({ identity }) => identity.uid ?? []), ...claimed.keys()]);
  const byUid = new Map(stories.map((story) => [story.identity.uid, story]));
  const pods = [...uids].map((uid) => evidenceOf(uid, false, byUid.get(uid), claimed.get(uid) ?? []));
  const loose = [...synthetic].map(([uid, own]) => evidenceOf(uid, true, undefined, own));
  return [...pods, ...loose].sort((a, b) => byText(a.uid, b.uid));
}

/**
 * A log that no pod claims is a startup only if an engine or Ray began in it,
 * or an import failed before any engine could speak: a later crash is none.
 */
function holdsStart({ marks, seed, otherEngine }: LogRun): boolean {
  return seed.length > 0 && (otherEngine !== undefined || marks.some(({ says }) => isStart(says)));
}

function isStart(says: Saying): boolean {
  if (says.kind === 'failed') return says.cause === 'import_failure';
  if (says.kind === 'process_began') return true;
  const isBorder = says.kind === 'began' || says.kind === 'ended' || says.kind === 'lasted';
  return isBorder && (says.phase === 'ray_cluster_init' || isInside(says.phase, 'vllm_init'));
}

/** By name: identities that have a uid. */
type Known = ReadonlyMap<string, readonly Identity[]>;

function knownPods(stories: readonly PodStory[], logs: readonly LogRun[]): Known {
  const found = new Map<string, Identity[]>();
  for (const { identity } of [...stories, ...logs]) {
    if (identity.uid === undefined || identity.pod === undefined) continue;
    const list = found.get(identity.pod);
    if (list === undefined) found.set(identity.pod, [identity]);
    else list.push(identity);
  }
  return found;
}

function onlyPodNamed(known: Known, { pod, namespace }: Identity): PodUid | undefined {
  const named = (known.get(pod ?? '') ?? []).filter(
    (one) => namespace === undefined || one.namespace === namespace,
  );
  const uids = new Set(named.map(({ uid }) => uid));
  return pod !== undefined && uids.size === 1 ? named[0]?.uid : undefined;
}

/** Logs of one named pod that nobody claims share a uid: it is made of the name then. */
function uidOf({ identity, seed }: LogRun): PodUid {
  const { pod, namespace } = identity;
  return pod === undefined ? syntheticUid(seed) : syntheticUid(['pod', namespace ?? '', pod]);
}

function append(map: Map<PodUid, LogRun[]>, uid: PodUid, log: LogRun): void {
  const list = map.get(uid);
  if (list === undefined) map.set(uid, [log]);
  else list.push(log);
}

function evidenceOf(
  uid: PodUid,
  uidSynthetic: boolean,
  story: PodStory | undefined,
  logs: readonly LogRun[],
): PodEvidence {
  const named = [...logs].map(({ identity }) => identity).sort((a, b) => byText(fullName(a), fullName(b)));
  const identities = story === undefined ? named : [story.identity, ...named];
  const name = identities.map(({ pod }) => pod).find((pod) => pod !== undefined);
  const namespace = identities.map((one) => one.namespace).find((one) => one !== undefined);
  const whole = identities.filter((one) => one.pod !== undefined && one.namespace !== undefined);
  const called = [...new Set(whole.map(fullName))].sort(byText);
  return { uid, uidSynthetic, name, namespace, story, logs, ...(called.length > 1 ? { called } : {}) };
}

const fullName = ({ namespace, pod }: Identity): string => `${namespace ?? ''}/${pod ?? ''}`;

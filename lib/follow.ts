// Follows a start: asks again whenever something changes, until every chosen pod is ready or has failed.
//
// Each round is the same calculation as a replay, on all that was seen so far:
// states that the cluster has overwritten meanwhile, and logs of runs that it has removed, still count.

import {
  after,
  between,
  type Duration,
  duration,
  type Instant,
  MILLISECOND,
  SECOND,
} from './base/instant.ts';
import { type JsonObject, objectAt, textAt } from './base/json.ts';
import { type Followed, newFollowed } from './followed-evidence.ts';
import { replayFrom } from './pipeline.ts';
import type { Answer, Problem, ReplayRequest } from './pipeline-types.ts';
import type { Patience } from './sources/kube/access.ts';
import { podList } from './sources/kube/lists.ts';
import { readySince } from './sources/kube/pod-logs.ts';
import { problemOf } from './sources/kube/refusal.ts';
import { watch } from './sources/kube/watch.ts';
import type { Cluster, PodQuestion } from './sources/kubernetes.ts';
import { saving } from './sources/saving.ts';

export interface FollowTask {
  readonly cluster: Cluster;
  readonly question: PodQuestion;
  readonly request: ReplayRequest;
  readonly timeout: Duration;
  readonly save: string | undefined;
}

export interface FollowDeps {
  readonly now: () => Instant;
  readonly pause: (time: Duration, signal: AbortSignal) => Promise<void>;
  readonly patience: Patience;
  readonly interrupted: AbortSignal;
  readonly draw: (answer: Answer) => Promise<void>;
}

/** A log grows without any change of the pod. */
const LONGEST_PAUSE = duration(3n * SECOND);
const SHORTEST_PAUSE = SECOND;
/** Asking takes at most one part of this many: a big log, or a slow server, makes the rounds rarer. */
const SHARE = 4n;
/** Events are written a moment after what they tell of. */
const GRACE = duration(1500n * MILLISECOND);

/** Never rejects for what the cluster does. */
export async function follow(task: FollowTask, deps: FollowDeps): Promise<Answer> {
  const evidence = newFollowed(task.cluster, task.question, deps.interrupted);
  const stop = new AbortController();
  const bell = newBell(deps);
  const deadline = after(deps.now(), task.timeout);
  const listening = listen(task, evidence, {
    deps,
    bell,
    signal: AbortSignal.any([stop.signal, deps.interrupted]),
  });
  const isOver = await rounds({ task, deps, evidence, bell, deadline });
  stop.abort();
  await listening;
  return finalAnswer(task, evidence, isOver || deps.interrupted.aborted);
}

interface Following {
  readonly task: FollowTask;
  readonly deps: FollowDeps;
  readonly evidence: Followed;
  readonly bell: Bell;
  readonly deadline: Instant;
}

/** False: time is up and the start is not over. */
async function rounds(following: Following): Promise<boolean> {
  const { deps, bell, deadline } = following;
  for (let isFirst = true; ; isFirst = false) {
    const begun = deps.now();
    if (await isOverNow(following, isFirst)) return true;
    const left = between(deps.now(), deadline);
    if (left <= 0n) return false;
    await bell.wait(pauseAfter(between(begun, deps.now()), left));
  }
}

/** One round: ask, tell, draw. A first one that fails is the end; a later one may pass. */
async function isOverNow({ task, deps, evidence, bell }: Following, isFirst: boolean): Promise<boolean> {
  const isTold = await evidence.refresh();
  if (deps.interrupted.aborted || (isFirst && !isTold)) return true;
  const answer = await replayFrom([evidence.source()], task.request, SILENT);
  if (!isFinal(evidence, answer)) {
    await deps.draw(answer);
    return false;
  }
  await bell.wait({ least: GRACE, most: GRACE });
  if (!deps.interrupted.aborted) await evidence.refresh();
  return true;
}

const SILENT = { progress: () => {} };

function pauseAfter(took: Duration, left: Duration): Wait {
  const least = largest(SHORTEST_PAUSE, duration(took * SHARE));
  const most = largest(LONGEST_PAUSE, least);
  return { least: least < left ? least : left, most: most < left ? most : left };
}

const largest = (a: Duration, b: Duration): Duration => (a > b ? a : b);

/** Ready by the kubelet's word, over by the pod's phase, gone, or failed by what the evidence says. */
function isFinal({ latest, hadPods }: Followed, { startups }: Answer): boolean {
  const pods = latest();
  if (pods.length === 0) return hadPods();
  return pods.every((pod) => {
    const phase = textAt(objectAt(pod, 'status'), 'phase');
    if (readySince(pod) !== undefined || phase === 'Succeeded' || phase === 'Failed') return true;
    const own = startups.filter(({ pod: { uid } }) => uid === uidOf(pod));
    return own.at(-1)?.outcome === 'failed';
  });
}

const uidOf = (pod: JsonObject): string | undefined => textAt(objectAt(pod, 'metadata'), 'uid');

/** The evidence is kept only now, when it is whole. */
async function finalAnswer(
  { request, save, timeout }: FollowTask,
  evidence: Followed,
  isOver: boolean,
): Promise<Answer> {
  const source = evidence.source();
  const answer = await replayFrom([save === undefined ? source : saving(source, save)], request, SILENT);
  return isOver ? answer : { ...answer, problems: [...answer.problems, unfinished(timeout)] };
}

const unfinished = (timeout: Duration): Problem => ({
  where: '--watch',
  expected: `a start that is over within ${Number(timeout / SECOND)} s`,
  came: 'one that is still under way: what is known so far is told',
  what: 'watch.unfinished',
  asked: true,
});

interface Listening {
  readonly deps: FollowDeps;
  readonly bell: Bell;
  readonly signal: AbortSignal;
}

/** Without the permission to watch the rounds go on by the clock alone. */
async function listen(
  { cluster, question }: FollowTask,
  evidence: Followed,
  { deps, bell, signal }: Listening,
): Promise<void> {
  const { spec, asked } = podList(question.choice);
  const patience: Patience = { ...deps.patience, sleep: (time) => deps.pause(time, signal) };
  const changes = watch(spec, '', { ask: cluster.askWatch, patience, signal });
  for (let next = await changes.next(); ; next = await changes.next()) {
    if (next.done === true) {
      if (next.value === undefined) return;
      const problem = problemOf(next.value, { ...asked, verb: 'watch' }, cluster.access);
      evidence.note({ ...problem, asked: false });
      return;
    }
    evidence.add(next.value);
    bell.ring();
  }
}

interface Wait {
  /** Not less, even if the bell rings. */
  readonly least: Duration;
  readonly most: Duration;
}

interface Bell {
  readonly ring: () => void;
  /** Returns when it rings or has rung since the last wait, when the time is up, or when the user interrupts. */
  readonly wait: (wait: Wait) => Promise<void>;
}

function newBell({ pause, interrupted }: FollowDeps): Bell {
  let rung = false;
  let wake = new AbortController();
  return {
    ring: () => {
      rung = true;
      wake.abort();
    },
    wait: async ({ least, most }) => {
      await pause(least, interrupted);
      if (!rung && most > least) {
        wake = new AbortController();
        await pause(duration(most - least), AbortSignal.any([wake.signal, interrupted]));
      }
      rung = false;
    },
  };
}

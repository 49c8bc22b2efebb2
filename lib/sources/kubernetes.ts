// A live cluster: pods, events, nodes and container logs, asked of the API server.

import { formatInstant, type Instant } from '../base/instant.ts';
import type { JsonObject } from '../base/json.ts';
import type { ByteStream, Source } from './contract.ts';
import type { Cluster, Reply } from './kube/access.ts';
import { type Gathered, gather } from './kube/gather.ts';
import type { PodChoice } from './kube/lists.ts';
import { type LogProblems, logProblems } from './kube/log-problems.ts';
import { type LogQuestion, openLog } from './kube/open-log.ts';
import { type LogTarget, logTargets, readySince } from './kube/pod-logs.ts';
import { logStreamOf, objectStreams } from './kube/streams.ts';

export type { Cluster, KubeAccess, Patience } from './kube/access.ts';
export type { PodChoice } from './kube/lists.ts';

export interface PodQuestion {
  readonly choice: PodChoice;
  /** What was over before this need not be read again. */
  readonly since: Instant | undefined;
  readonly now: Instant;
}

/** Asks once. The same streams in the same order for the same answers of the server. */
export function kubernetes(cluster: Cluster, question: PodQuestion): Source {
  const problems = logProblems(cluster.access);
  return {
    name: 'kubernetes',
    async *open() {
      const gathered = await gather(cluster.ask, cluster.access, question.choice);
      yield* gathered.problems;
      yield* gatheredStreams(gathered, { where: cluster.access.server, now: question.now });
      for (const pod of gathered.pods)
        for (const target of logTargets(pod)) yield logOf(cluster, question, { pod, target, problems });
    },
    afterwards: problems.told,
  };
}

export function gatheredStreams(
  { pods, events, nodes }: Pick<Gathered, 'pods' | 'events' | 'nodes'>,
  from: { readonly where: string; readonly now: Instant },
): readonly ByteStream[] {
  return [
    ...objectStreams('pods.jsonl', pods, from),
    ...objectStreams('events.jsonl', events, from),
    ...objectStreams('nodes.jsonl', nodes, from),
  ];
}

export interface LogOf {
  readonly pod: JsonObject;
  readonly target: LogTarget;
  readonly problems: LogProblems;
}

/** Asked for only when it is read. */
export function logOf(
  cluster: Cluster,
  { since, now }: PodQuestion,
  { pod, target, problems }: LogOf,
): ByteStream {
  const question = { target, pod, since: cutAt(pod, target, since) };
  return logStreamOf(target, now, async function* (onRead) {
    const reply = await replyOrProblem(cluster, question, problems);
    if (reply === undefined) return;
    try {
      yield* counted(reply.body, onRead);
    } catch (error) {
      problems.brokenOff(target, error);
    }
  });
}

async function replyOrProblem(
  { askLog }: Cluster,
  question: LogQuestion,
  problems: LogProblems,
): Promise<Reply | undefined> {
  const { target, since } = question;
  if (problems.isHopeless(target)) {
    problems.skipped(target);
    return undefined;
  }
  const opened = await openLog(askLog, question);
  if (opened.kind === 'gone') problems.gone(target);
  if (opened.kind === 'refused') problems.refused(target, opened.refusal);
  if (opened.kind !== 'log') return undefined;
  if (since !== undefined) problems.cut(target, formatInstant(since));
  return opened.reply;
}

async function* counted(body: Reply['body'], onRead?: (bytes: number) => void): AsyncIterable<Buffer> {
  for await (const chunk of body) {
    onRead?.(chunk.length);
    yield chunk;
  }
}

/**
 * A start is never cut in the middle: only the log of a pod that was Ready
 * before `since`, and whose run began before it, is asked for in part.
 */
function cutAt(pod: JsonObject, { started }: LogTarget, since: Instant | undefined): Instant | undefined {
  const ready = readySince(pod);
  if (since === undefined || ready === undefined || started === undefined) return undefined;
  return ready < since && started < since ? since : undefined;
}

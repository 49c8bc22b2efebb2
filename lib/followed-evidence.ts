// All that was seen of some pods while they were followed: it only grows.

import { type JsonObject, objectAt, textAt } from './base/json.ts';
import type { SourceProblem } from './sources/contract.ts';
import type { Source } from './sources/index.ts';
import { gather } from './sources/kube/gather.ts';
import { logProblems } from './sources/kube/log-problems.ts';
import { type LogTarget, logTargets } from './sources/kube/pod-logs.ts';
import { logStreamOf } from './sources/kube/streams.ts';
import type { Change } from './sources/kube/watch.ts';
import { type Cluster, gatheredStreams, logOf, type PodQuestion } from './sources/kubernetes.ts';

export interface Followed {
  /** Asks for everything once more; false when not even the pods could be listed. */
  readonly refresh: () => Promise<boolean>;
  readonly add: (change: Change) => void;
  readonly note: (problem: SourceProblem) => void;
  /** The pods as the last round saw them. */
  readonly latest: () => readonly JsonObject[];
  /** True once any was seen. */
  readonly hadPods: () => boolean;
  /** What is known by now, as a source. */
  readonly source: () => Source;
}

/** A start's log has a few MB; of one that is longer the beginning is kept. */
const LONGEST_LOG = 64 << 20;
/** States of objects that are kept; a pod has a dozen, an event a few. */
const MOST_STATES = 20_000;

interface KeptLog {
  readonly target: LogTarget;
  readonly bytes: Buffer;
}

interface State {
  readonly objects: Readonly<Record<'pods' | 'events' | 'nodes', Map<string, JsonObject>>>;
  readonly logs: Map<string, KeptLog>;
  readonly notes: SourceProblem[];
  latest: readonly JsonObject[];
  /** Of the last round: what has healed since is no problem any more. */
  problems: readonly SourceProblem[];
}

/** `interrupted`: a round that it cuts short counts for what it brought, not for what it could not. */
export function newFollowed(cluster: Cluster, question: PodQuestion, interrupted: AbortSignal): Followed {
  const state: State = {
    objects: { pods: new Map(), events: new Map(), nodes: new Map() },
    logs: new Map(),
    notes: [],
    latest: [],
    problems: [],
  };
  return {
    refresh: async () => {
      const before = state.problems;
      const isTold = await refresh(state, cluster, question);
      if (interrupted.aborted) state.problems = before;
      return isTold;
    },
    add: ({ object }) => keep(state.objects.pods, [object]),
    note: (problem) => state.notes.push(problem),
    latest: () => state.latest,
    hadPods: () => state.objects.pods.size > 0,
    source: () => sourceOf(state, cluster, question),
  };
}

async function refresh(state: State, cluster: Cluster, question: PodQuestion): Promise<boolean> {
  const { pods, events, nodes, version, problems } = await gather(
    cluster.ask,
    cluster.access,
    question.choice,
  );
  // A round that could not list the pods says nothing of them.
  if (version === '') {
    state.problems = problems;
    return false;
  }
  keep(state.objects.pods, pods);
  keep(state.objects.events, events);
  keep(state.objects.nodes, nodes);
  state.latest = pods;
  const heard = logProblems(cluster.access);
  for (const pod of pods)
    for (const target of logTargets(pod))
      await keepLog(state, target, logOf(cluster, question, { pod, target, problems: heard }).chunks());
  state.problems = [...problems, ...heard.told()];
  return true;
}

function keep(into: Map<string, JsonObject>, objects: readonly JsonObject[]): void {
  for (const object of objects) {
    const metadata = objectAt(object, 'metadata');
    const key = [
      textAt(object, 'apiVersion'),
      textAt(metadata, 'uid'),
      textAt(metadata, 'resourceVersion'),
    ].join('\0');
    if (into.size < MOST_STATES) into.set(key, object);
  }
}

/** A log that can no longer be had stays as it was; one that broke off does not replace a longer one. */
async function keepLog(state: State, target: LogTarget, chunks: AsyncIterable<Buffer>): Promise<void> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > LONGEST_LOG) break;
  }
  const key = [target.uid, target.container, target.run].join('\0');
  const known = state.logs.get(key)?.bytes.length ?? 0;
  if (size > known) state.logs.set(key, { target, bytes: Buffer.concat(parts) });
}

function sourceOf(
  { objects, logs, notes, problems }: State,
  { access }: Cluster,
  { now }: PodQuestion,
): Source {
  return {
    name: 'followed',
    async *open() {
      yield* problems;
      yield* notes;
      const of = (kind: keyof State['objects']): readonly JsonObject[] => [...objects[kind].values()];
      yield* gatheredStreams(
        { pods: of('pods'), events: of('events'), nodes: of('nodes') },
        { where: access.server, now },
      );
      for (const { target, bytes } of logs.values())
        yield logStreamOf(target, now, async function* () {
          yield bytes;
        });
    },
  };
}

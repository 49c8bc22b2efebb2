// What went wrong with logs: told once per reason, however many pods it hit.

import type { SourceProblem } from '../contract.ts';
import type { KubeAccess } from './access.ts';
import type { LogTarget } from './pod-logs.ts';
import { problemOf, type Refusal } from './refusal.ts';
import { logName } from './streams.ts';
import type { Asked } from './words.ts';

export interface LogProblems {
  /** True when the logs of this namespace cannot be had: nobody needs to ask a thousand times. */
  readonly isHopeless: (target: LogTarget) => boolean;
  /** Not asked for, since it is hopeless. */
  readonly skipped: (target: LogTarget) => void;
  readonly refused: (target: LogTarget, refusal: Refusal) => void;
  readonly gone: (target: LogTarget) => void;
  readonly cut: (target: LogTarget, since: string) => void;
  readonly brokenOff: (target: LogTarget, error: unknown) => void;
  readonly told: () => readonly SourceProblem[];
}

interface Entry {
  readonly problem: SourceProblem;
  readonly first: LogTarget;
  count: number;
}

export function logProblems(access: KubeAccess): LogProblems {
  const entries = new Map<string, Entry>();
  const hopeless = new Map<string, Refusal>();
  const note = (target: LogTarget, problem: SourceProblem): void => {
    // A node that cannot be reached is told of in other words for each of its pods.
    const key = `${problem.what} ${problem.expected}`;
    const known = entries.get(key);
    if (known === undefined) entries.set(key, { problem, first: target, count: 1 });
    else known.count += 1;
  };
  const refused = (target: LogTarget, refusal: Refusal): void =>
    note(target, problemOf(refusal, askedFor(target), access));
  return {
    isHopeless: ({ namespace }) => hopeless.has(namespace),
    skipped: (target) => {
      const refusal = hopeless.get(target.namespace);
      if (refusal !== undefined) refused(target, refusal);
    },
    refused: (target, refusal) => {
      const isForAll = refusal.status === 401 || refusal.status === 403 || refusal.status === 0;
      if (isForAll) hopeless.set(target.namespace, refusal);
      refused(target, refusal);
    },
    gone: (target) => note(target, gone),
    cut: (target, since) => note(target, cutAt(since)),
    brokenOff: (target, error) => note(target, brokenOff(error)),
    told: () => [...entries.values()].map(withCount),
  };
}

const askedFor = ({ namespace }: LogTarget): Asked => ({
  verb: 'get',
  resource: 'pods/log',
  group: '',
  namespace,
});

const withCount = ({ problem, first, count }: Entry): SourceProblem => ({
  ...problem,
  where: count === 1 ? logName(first) : `${count} logs, the first the ${logName(first)}`,
});

const gone: SourceProblem = {
  kind: 'problem',
  where: '',
  what: 'logs.gone',
  expected: 'the run that was listed',
  came: 'a container that restarted meanwhile, more often than the kubelet remembers',
  asked: false,
};

const cutAt = (since: string): SourceProblem => ({
  kind: 'problem',
  where: '',
  what: 'logs.cut',
  expected: 'a whole log',
  came: `what was written after ${since}, as --since asks`,
  asked: false,
  remedy: 'The pod was Ready before that; starts inside such a log are counted from there.',
});

const brokenOff = (error: unknown): SourceProblem => ({
  kind: 'problem',
  where: '',
  what: 'logs.truncated',
  expected: 'a log that can be read to its end',
  came: error instanceof Error ? error.message : String(error),
  asked: true,
  remedy: 'What came before the break was read. Ask again to have the rest.',
});

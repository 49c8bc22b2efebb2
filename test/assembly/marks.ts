// Marks, edges and pods in few words, for the tests of the assembly.

import type { Edge } from '../../lib/assembly/edge.ts';
import { type Duration, type Instant, SECOND, seconds } from '../../lib/base/instant.ts';
import { podUid } from '../../lib/model/ids.ts';
import type { LogRun } from '../../lib/model/log-run.ts';
import type { Cause, Mark, Saying } from '../../lib/model/mark.ts';
import type { PhaseName } from '../../lib/model/phase.ts';
import { moment, T0 } from '../moments.ts';

/** Seconds since T0, for reading. */
export const offsetOf = (at: Instant): number => Number(at - T0) / 1e9;

export const edge = (offset: number, more: { derived?: boolean; precision?: Duration } = {}): Edge => ({
  when: moment(offset, more.precision),
  proofs: [{ source: 'a.log', line: Math.round(offset), text: `at ${offset}`, rule: 'test' }],
  derived: more.derived ?? false,
});

/** A mark at so many seconds; the line number is the second. `who` may name a pid: `Worker_TP0#7`. */
export function mark(offset: number, says: Saying, who = '', more: Partial<Mark> = {}): Mark {
  const [name = '', pid] = who.split('#');
  const proof = {
    source: 'a.log',
    line: Math.round(offset * 10),
    text: `${says.kind} at ${offset}`,
    rule: 'test',
  };
  return {
    says,
    when: moment(offset),
    proof,
    speaker: { name, ...(pid === undefined ? {} : { pid: Number(pid) }) },
    copies: 1,
    ...more,
  };
}

export const began = (phase: PhaseName): Saying => ({ kind: 'began', phase });
export const ended = (phase: PhaseName): Saying => ({ kind: 'ended', phase });
export const during = (phase: PhaseName): Saying => ({ kind: 'during', phase });
export const lasted = (phase: PhaseName, took: number, whole = true): Saying => ({
  kind: 'lasted',
  phase,
  took: seconds(took),
  whole,
});
export const failed = (cause: Cause, root = true): Saying => ({ kind: 'failed', cause, root });
export const BANNER: Saying = { kind: 'process_began' };
export const READY: Saying = { kind: 'ready' };
export const AFTER_ENGINE: Saying = { kind: 'after_engine' };
export const SEEN: Saying = { kind: 'seen' };

export const logRun = (marks: readonly Mark[], more: Partial<LogRun> = {}): LogRun => ({
  identity: { uid: podUid('u-1'), namespace: 'ns', pod: 'p', container: 'main', restart: 0 },
  source: 'p/main/0',
  marks,
  previous: false,
  timed: true,
  weakClock: false,
  otherEngine: undefined,
  seed: ['begin'],
  unknown: [],
  ...more,
});

export const WHOLE_SECOND = SECOND;

// One window, read and told: final pods are exported, open ones remembered, poison laid aside.

import { createHash } from 'node:crypto';
import type { RunDeps, RunJob } from './analyze-types.ts';
import { around } from './around.ts';
import { after, earliest, formatInstant, type Instant, latest } from './base/instant.ts';
import type { Counter, Tally } from './base/tally.ts';
import { exportPods, type PodExported, type PodStarts } from './export-pods.ts';
import { type Ended, endedOf } from './late-starts.ts';
import type { DeadLetters } from './ledger/dead-letters.ts';
import { type Finality, LONGEST_SILENCE, podFinality } from './ledger/finality.ts';
import type { Lease } from './ledger/lease.ts';
import { closePod, keepOpen, type OpenPod } from './ledger/open-pods.ts';
import type { Slice } from './ledger/window.ts';
import { podUid } from './model/ids.ts';
import { isUnknown } from './model/mark.ts';
import type { Startup } from './model/startup.ts';
import type { Answer, Problem } from './pipeline-types.ts';
import { hasTime } from './telemetry/to-trace.ts';

export interface WindowJob extends RunJob {
  readonly lease: Lease;
  readonly window: Slice;
  /** Pods that earlier runs left open, by uid; they are told wherever they end. */
  readonly open: ReadonlyMap<string, OpenPod>;
  readonly counter: Counter;
  readonly letters: DeadLetters;
  readonly note: (line: string) => void;
}

export type WindowTold =
  | { readonly status: 'told' | 'partial'; readonly ended: readonly Ended[] }
  /** A source could not be read, or the lease is lost: nothing of the window counts as read. */
  | { readonly status: 'failed'; readonly why: string };

/** Poison never stops a window; a source that cannot be read does: half of the evidence would tell half a truth. */
export async function tellWindow(job: WindowJob, deps: RunDeps): Promise<WindowTold> {
  const answer = await deps.read(reachOf(job));
  countReading(job, answer);
  const blocked = answer.problems.find(isBlocking);
  if (blocked !== undefined) return { status: 'failed', why: textOf(blocked) };
  for (const problem of answer.problems) if (!isPoison(problem)) job.note(textOf(problem));
  const lettered = await layLetters(job, answer);
  const pods = podsOf(job, answer);
  const decided = pods.map((pod) => ({ pod, finality: finalityIn(pod, job, deps) }));
  const done = await exportPods(
    decided.filter(({ finality }) => finality.final).map(({ pod }) => ({ ...pod, startups: pod.told })),
    { ...deps, ...job },
  );
  if (done.some(({ leaseLost }) => leaseLost))
    return { status: 'failed', why: 'the lease ran out before all was sent' };
  const kept = await settlePods(decided, done, { job, deps });
  if (!kept) return { status: 'failed', why: 'open pods could not be written down' };
  const left = decided.filter(({ finality }) => finality.final).length - done.filter(isSettled).length;
  return { status: lettered > 0 || left > 0 ? 'partial' : 'told', ended: endedOf(answer.startups) };
}

const isSettled = ({ settled }: PodExported): boolean => settled;

/** Open pods reach back to where their evidence begins. */
function reachOf({ window, rhythm, open }: WindowJob): Slice {
  const reach = around(window, rhythm.margin);
  const from = [...open.values()].reduce((at, pod) => earliest(at, pod.first_evidence), reach.from);
  return { ...reach, from };
}

function countReading({ counter }: WindowJob, { tally }: Answer): void {
  for (const [name, count] of tally) counter.count(`read.${name}`, count);
}

/** What is wrong with the evidence itself; anything else that was asked for is a source that could not be read. */
const POISON: ReadonlySet<string> = new Set([
  'documents.unreadable',
  'objects.unusable',
  'files.truncated',
  'spans.unreadable',
  'evidence.corrupt',
]);

const isPoison = ({ what }: Problem): boolean => POISON.has(what);

const isBlocking = (problem: Problem): boolean => problem.asked && !isPoison(problem);

const textOf = ({ where, expected, came, remedy }: Problem): string =>
  `${where}: expected ${expected}, got ${came}${remedy === undefined ? '' : `. ${remedy}`}`;

async function layLetters(
  { letters, source, counter, note }: WindowJob,
  { problems }: Answer,
): Promise<number> {
  let laid = 0;
  for (const problem of problems.filter(isPoison)) {
    const { where, expected, came } = problem;
    const letter = await letters.lay({
      source,
      locator: { where },
      reason: `expected ${expected}`,
      excerpt: came,
    });
    counter.count(`dead_letters.${letter.status}`);
    if (letter.status === 'laid') note(textOf(problem));
    laid += 1;
  }
  return laid;
}

/** A pod as the reading tells it. */
interface PodRead extends PodStarts {
  /** Which of its attempts are this window's to tell. */
  readonly told: readonly Startup[];
  readonly end: Instant | undefined;
}

/** Those of which an attempt ends in the window, and open ones; oldest end first, so that a backlog drains in its order. */
function podsOf({ window, open, counter }: WindowJob, { startups }: Answer): readonly PodRead[] {
  const timeless = startups.filter((startup) => !hasTime(startup)).length;
  if (timeless > 0) counter.count('startups.no_clock', timeless);
  const byPod = Map.groupBy(startups.filter(hasTime), ({ pod }) => pod.uid);
  return [...byPod]
    .map(([uid, all]) => ({
      uid,
      startups: all,
      told: open.has(uid) ? all : all.filter(endsIn(window)),
      end: endOf(all),
    }))
    .filter(({ told }) => told.length > 0)
    .toSorted((a, b) => compare(a.end, b.end));
}

/** Each attempt ends in one slice of any cut of time. Others of its pod may lie outside of what was read. */
const endsIn =
  ({ from, to }: Slice) =>
  (startup: Startup): boolean => {
    const end = endOf([startup]);
    return end !== undefined && from <= end && end < to;
  };

const endOf = (startups: readonly Startup[]): Instant | undefined =>
  startups
    .flatMap(({ end }) => (isUnknown(end) ? [] : [end.at]))
    .reduce<Instant | undefined>((at, end) => (at === undefined ? end : latest(at, end)), undefined);

const startOf = (startups: readonly Startup[]): Instant | undefined =>
  startups
    .flatMap(({ start }) => (isUnknown(start) ? [] : [start.at]))
    .reduce<Instant | undefined>((at, start) => (at === undefined ? start : earliest(at, start)), undefined);

const compare = (a: Instant | undefined, b: Instant | undefined): number =>
  a === b ? 0 : (a ?? 0n) < (b ?? 0n) ? -1 : 1;

function finalityIn({ startups }: PodStarts, { rhythm }: WindowJob, { ledger }: RunDeps): Finality {
  const end = endOf(startups);
  const around = {
    now: ledger.now(),
    lateness: rhythm.lateness,
    ...(end !== undefined && { lastEvidence: end }),
  };
  return podFinality(startups, around);
}

interface Decided {
  readonly pod: PodRead;
  readonly finality: Finality;
}

/** True when everything that is open is written down. */
async function settlePods(
  decided: readonly Decided[],
  done: readonly PodExported[],
  { job, deps }: { readonly job: WindowJob; readonly deps: RunDeps },
): Promise<boolean> {
  const exported = new Map(done.map((each) => [each.uid, each]));
  let good = true;
  for (const { pod, finality } of decided) {
    const told = exported.get(pod.uid);
    if (told?.settled === true) {
      job.counter.count('pods.exported');
      if (job.open.has(pod.uid)) await closePod(deps.ledger, pod.uid);
      continue;
    }
    job.counter.count(finality.final ? 'pods.parked' : 'pods.open');
    const kept = await keepOpen(deps.ledger, openPodOf(pod, told?.why ?? finality.why, job));
    good &&= kept.status === 'kept' || kept.status === 'superseded';
  }
  await forgetLost(new Set(decided.map(({ pod }) => pod.uid)), job, deps);
  return good;
}

/** Open pods whose evidence is gone by now (retention, a removed store) would be waited for in vain. */
async function forgetLost(seen: ReadonlySet<string>, job: WindowJob, { ledger }: RunDeps): Promise<void> {
  for (const { uid, last_evidence: last } of job.open.values()) {
    if (seen.has(uid) || ledger.now() < after(last, LONGEST_SILENCE)) continue;
    await closePod(ledger, podUid(uid));
    job.counter.count('pods.lost');
    job.note(
      `pod ${uid}: its evidence, last of ${formatInstant(last)}, is not found any more; it was never told`,
    );
  }
}

function openPodOf({ uid, startups }: PodStarts, why: string, { source, window }: WindowJob): OpenPod {
  const first = startOf(startups) ?? window.from;
  const last = endOf(startups) ?? window.to;
  const said = `${startups.length} ${formatInstant(first)} ${formatInstant(last)} ${why}`;
  const digest = createHash('sha256').update(said).digest('hex').slice(0, 32);
  return { uid, source, first_evidence: first, last_evidence: last, why, digest };
}

/** What makes a run partial: not everything that was to be told is known to have arrived. */
const LOSSES = ['rejected', 'refused', 'ambiguous', 'parked', 'too_old', 'unreadable'];

export const hasLost = (tally: Tally): boolean =>
  ['spans', 'metrics'].some((signal) => LOSSES.some((what) => (tally.get(`${signal}.${what}`) ?? 0) > 0));

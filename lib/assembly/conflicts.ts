// Witnesses that contradict each other: what cannot be true if all of them are.

import { duration, formatInstant, toSeconds } from '../base/instant.ts';
import type { Proof } from '../model/mark.ts';
import type { ContainerSpec } from '../model/pod-story.ts';
import type { Conflict, Phase } from '../model/startup.ts';
import type { Attempt } from './attempts.ts';
import type { Draft } from './draft.ts';
import { type Edge, isClearlyBefore, witnessedEdge } from './edge.ts';
import type { Ending } from './outcome.ts';

/** Everything about one attempt that may disagree. */
export interface Testimony {
  readonly attempt: Pick<Attempt, 'tale' | 'run' | 'process'>;
  readonly ending: Pick<Ending, 'end'>;
  /** Where the startup begins. */
  readonly start: Edge;
  /** As the evidence has them, before their ends were settled. */
  readonly drafts: readonly Draft[];
  readonly phases: readonly Phase[];
  /** The analysed container as the pod specifies it. */
  readonly container: ContainerSpec | undefined;
}

/**
 * At most one conflict of clocks (what a wrong clock breaks shares the fault),
 * and every end that lies before its own beginning.
 */
export function conflictsOf(testimony: Testimony): readonly Conflict[] {
  const clocks =
    beforeTheStart(testimony) ??
    beforeItsContainer(testimony) ??
    afterItsContainer(testimony) ??
    readyWithoutServer(testimony);
  return [...(clocks === undefined ? [] : [clocks]), ...reversed(testimony)];
}

const ADVICE = "check the node's clock, or name the log's zone with --tz";

/**
 * A phase lies in its start, so one whose log begins earlier was timed by another
 * clock (a node that is not kept in time, a zone that was guessed). Phases that
 * Kubernetes alone tells of do not count: a static pod's object is made after its containers.
 */
function beforeTheStart({ start, phases }: Testimony): Conflict | undefined {
  const [first] = phases.filter((phase) => lineOf(phase) !== undefined).sort(byStart);
  const seen = first && lineOf(first);
  if (first === undefined || seen === undefined) return undefined;
  const began = { when: first.start, proofs: [seen], derived: false };
  if (!isClearlyBefore(began, start)) return undefined;
  return clocks(
    `${first.name} began ${at(began)}, ${apart(began, start)} before the start it belongs to (${time(start)})`,
  );
}

const byStart = (a: Phase, b: Phase): number => (a.start.at < b.start.at ? -1 : 1);

/** The line of a log that proves where it began. */
const lineOf = ({ evidence }: Phase): Phase['evidence'][number] | undefined =>
  evidence.find(({ at: side, line }) => side === 'start' && line !== undefined);

/** The process may write up to 0.2 s before the runtime says that it started it (recordings/kubernetes), not more. */
function beforeItsContainer({ attempt: { tale, run, process } }: Testimony): Conflict | undefined {
  const started = run?.started && witnessedEdge(run.started);
  const first = tale?.first;
  if (process > 0 || started === undefined || first === undefined || !isClearlyBefore(first, started))
    return undefined;
  return clocks(
    `the log begins ${at(first)}, ${apart(first, started)} before its container started (${time(started)})`,
  );
}

/** Nobody writes after having ended. */
function afterItsContainer({ attempt: { tale, run } }: Testimony): Conflict | undefined {
  const finished = run?.finished && witnessedEdge(run.finished);
  const last = tale?.last;
  if (finished === undefined || last === undefined || !isClearlyBefore(finished, last)) return undefined;
  return clocks(
    `the log goes on until ${at(last)}, ${apart(finished, last)} after its container ended (${time(finished)})`,
  );
}

/**
 * A readiness probe has nothing to answer it before the server does. Where nothing
 * probes, Ready rightly comes first. The last Ready is compared: an earlier one
 * may have been of a server that died.
 */
function readyWithoutServer({ attempt: { tale }, phases, container }: Testimony): Conflict | undefined {
  const ready = phases.find(({ name }) => name === 'readiness_lag');
  const server = tale?.ready;
  if (container?.hasReadinessProbe !== true || ready === undefined || server === undefined) return undefined;
  const condition = { when: ready.end, proofs: ready.evidence, derived: false };
  if (!isClearlyBefore(condition, server)) return undefined;
  return clocks(
    `the log says that the server is ready ${at(server)}, ${apart(condition, server)} after the pod was Ready (${time(condition)}), although a readiness probe had to be answered first`,
  );
}

const clocks = (says: string): Conflict => ({ what: 'clocks', says: `${says}: ${ADVICE}` });

/** Ends before their beginnings, by more than can be known: then there is no length, and this says why. */
function reversed({ drafts, start, ending }: Testimony): readonly Conflict[] {
  const phases = drafts.flatMap(({ name, container, ...one }) => {
    const who = container === null ? name : `${name} of ${container}`;
    return one.end === undefined ? [] : reversal(who, one.start, one.end);
  });
  const whole = ending.end === undefined ? [] : reversal('the start', start, ending.end);
  return [...new Map([...phases, ...whole].map((one) => [one.says, one])).values()];
}

function reversal(who: string, start: Edge, end: Edge): readonly Conflict[] {
  if (!isClearlyBefore(end, start)) return [];
  const says = `${who} ended ${at(end)}, ${apart(end, start)} before it began ${at(start)}: its length is not known`;
  return [{ what: 'end_before_start', says }];
}

const time = ({ when }: Edge): string => formatInstant(when.at);

function at(edge: Edge): string {
  const [proof] = edge.proofs;
  return proof === undefined ? time(edge) : `${time(edge)} (${placeOf(proof)})`;
}

const placeOf = ({ source, line }: Proof): string => (line === undefined ? source : `${source}:${line}`);

const apart = (a: Edge, b: Edge): string => `${toSeconds(duration(b.when.at - a.when.at)).toFixed(1)} s`;

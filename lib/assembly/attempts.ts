// The attempts of a pod: container runs, and the process starts inside each.

import type { LogRun } from '../model/log-run.ts';
import type { Mark } from '../model/mark.ts';
import type { NativeSpan } from '../model/native-span.ts';
import type { ContainerRun } from '../model/pod-story.ts';
import { type MainRun, runsOf } from './container-runs.ts';
import { type Edge, witnessedEdge } from './edge.ts';
import { type PodEvidence, processKey } from './evidence.ts';
import type { ProcessFrame } from './process-context.ts';
import { processStarts } from './process-starts.ts';
import { type ProcessTale, tellProcess } from './tell-process.ts';

/** One attempt, with everything that is known of it. */
export interface Attempt {
  readonly index: number;
  readonly isLast: boolean;
  readonly restart: number;
  readonly process: number;
  readonly run: ContainerRun | undefined;
  readonly endsRun: boolean;
  readonly logs: readonly LogRun[];
  readonly tale: ProcessTale | undefined;
  /** When a later run of the container surely ran, if the next attempt is another run. */
  readonly successor: Edge | undefined;
}

/** In the order of restarts, then of process starts; none when neither log nor Kubernetes tells of a start. */
export function attemptsOf(pod: PodEvidence, main: string | undefined): readonly Attempt[] {
  const runs = runsOf(pod, main);
  const pieces = runs.flatMap((run) => piecesOf({ pod, main }, run));
  const started = pieces.length > 0 ? pieces : pod.story === undefined ? [] : [NOTHING_RAN];
  return started.map((piece, index) => ({
    ...piece,
    index,
    isLast: index === started.length - 1,
    successor: successorOf(piece, started.slice(index + 1)),
  }));
}

type Piece = Omit<Attempt, 'index' | 'isLast' | 'successor'>;

const NOTHING_RAN: Piece = {
  restart: 0,
  process: 0,
  run: undefined,
  endsRun: true,
  logs: [],
  tale: undefined,
};

interface Owner {
  readonly pod: PodEvidence;
  readonly main: string | undefined;
}

function piecesOf(owner: Owner, run: MainRun): readonly Piece[] {
  const { restart, story, logs } = run;
  const common = { restart, run: story, logs };
  const starts = startsOf(run);
  if (starts.length === 0)
    return story === undefined ? [] : [{ ...common, process: 0, endsRun: true, tale: livedOnly(owner, run) }];
  return starts.map(({ marks, spans }, process) => ({
    ...common,
    process,
    endsRun: process === starts.length - 1,
    tale: tellProcess(marks, frameOf(owner, run, process), spans),
  }));
}

interface Start {
  readonly marks: readonly Mark[];
  readonly spans: readonly NativeSpan[];
}

/** The starts that the log tells of; where it tells of none, those of vLLM's own spans. */
function startsOf({ marks, native }: MainRun): readonly Start[] {
  const spansOf = (process: number): readonly NativeSpan[] =>
    native.filter((one) => one.process === process).flatMap(({ spans }) => spans);
  const said = processStarts(marks);
  if (said.length > 0) return said.map((own, process) => ({ marks: own, spans: spansOf(process) }));
  return native.map(({ process }) => ({ marks: process === 0 ? marks : [], spans: spansOf(process) }));
}

/** No line of its log says anything of a start; they still tell when the container lived. */
const livedOnly = (owner: Owner, run: MainRun): ProcessTale | undefined =>
  run.marks.length === 0 ? undefined : tellProcess(run.marks, frameOf(owner, run, 0));

function frameOf({ pod, main }: Owner, { restart, story }: MainRun, process: number): ProcessFrame {
  const started = story?.started === undefined || process > 0 ? undefined : witnessedEdge(story.started);
  const allJoined = pod.hints?.get(processKey({ restart, process }))?.allJoined;
  return { container: main ?? null, restart, process, containerStarted: started, allJoined };
}

/**
 * The first later run of which it is known when it began. Status keeps two runs, events the first and the last of
 * their repetitions: the run right behind this one is often known by its number only (recording d_crashloop).
 */
function successorOf({ restart }: Piece, later: readonly Piece[]): Edge | undefined {
  const others = later.filter((next) => next.restart !== restart);
  return later[0] === others[0] ? others.map(beginningOf).find((edge) => edge !== undefined) : undefined;
}

const beginningOf = ({ run, tale }: Piece): Edge | undefined => {
  // A run that could not be started only has an end (recording o_nodename-hostnet).
  const known = run?.started ?? (tale?.first === undefined ? run?.finished : undefined);
  return known === undefined ? tale?.first : witnessedEdge(known);
};

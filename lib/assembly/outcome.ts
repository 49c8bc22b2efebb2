// How a start came out, and why.

import { duration, type Instant, SECOND } from '../base/instant.ts';
import type { Cause, Mark } from '../model/mark.ts';
import type { PhaseName } from '../model/phase.ts';
import type { ContainerRun, PodFailure, PodStory, Readiness, Witnessed } from '../model/pod-story.ts';
import type { Failure, Outcome } from '../model/startup.ts';
import { borrowed, type Edge, endOfMoment, latestOf, witnessedEdge } from './edge.ts';
import type { ProcessTale } from './tell-process.ts';

export interface Ending {
  readonly outcome: Outcome;
  readonly failure: Failure | undefined;
  /** Where the startup ends: ready, failed, or the last evidence. */
  readonly end: Edge | undefined;
  /** Nothing tells when it was over, only that it was before something later. */
  readonly isEndUnseen?: true;
  readonly note: string | undefined;
}

export interface AttemptFacts {
  readonly tale: ProcessTale | undefined;
  readonly run: ContainerRun | undefined;
  readonly story: PodStory | undefined;
  /** The attempt that the pod's status speaks of. */
  readonly isLast: boolean;
  /** The last process of its container run: the run's end is its end. */
  readonly endsRun: boolean;
  /** Where the next attempt begins, when there is one in another run of the container: this one has ended then. */
  readonly successor: Edge | undefined;
  readonly otherEngine: string | undefined;
  /** When the leader of its group was ready. */
  readonly served?: Edge | undefined;
}

export function endingOf(facts: AttemptFacts): Ending {
  const { tale } = facts;
  const condition = readyCondition(facts);
  const proven = tale?.ready ?? engineWorks(facts) ?? workerDone(facts);
  const ready = condition ?? proven;
  if (ready !== undefined && !(proven === undefined && diedFirst(facts, ready))) {
    return { outcome: 'ready', failure: undefined, end: laterEdge(ready, proven), note: readyNote(facts) };
  }
  return failedEnding(facts) ?? incompleteEnding(facts);
}

const laterEdge = (a: Edge, b: Edge | undefined): Edge => (b !== undefined && b.when.at > a.when.at ? b : a);

/** Ready was seen while this attempt ran. */
const readyCondition = (facts: AttemptFacts): Edge | undefined =>
  readinessOf(facts).find(({ derived }) => !derived);

/** Every Ready of this attempt, in time order; derived ones are borders, not proofs. */
export function readinessOf({
  story,
  isLast,
  run,
  tale,
  successor,
}: Omit<AttemptFacts, 'otherEngine' | 'endsRun'>): readonly Edge[] {
  const all: readonly Readiness[] = story?.readies ?? (story?.ready === undefined ? [] : [story.ready]);
  const began = run?.started?.when.at ?? tale?.first?.when.at;
  const isInTime = ({ when }: Readiness): boolean => {
    if (began === undefined && !isLast) return false;
    // Nothing ran before the first run: an earlier Ready is a clock that is wrong, not another's.
    const isLater = began === undefined || run?.restart === 0 || when.at + when.precision > began;
    return isLater && (successor === undefined || when.at < successor.when.at);
  };
  return all.filter((ready) => namesRun(ready, run) ?? isInTime(ready)).map(witnessedEdge);
}

/** By the restart count that the status had; undefined where no status tells: then times must. */
function namesRun({ runs }: Readiness, run: ContainerRun | undefined): boolean | undefined {
  const restart = run === undefined ? undefined : runs?.get(run.container);
  return restart === undefined ? undefined : restart === run?.restart;
}

/** An offline engine has no server: it works once its init is over and nothing failed. */
function engineWorks({ tale }: AttemptFacts): Edge | undefined {
  if (tale?.engineDone === undefined || (tale.hasServer && rootFailures(tale).length > 0)) return undefined;
  const end = tale.drafts.find(({ name }) => name === 'vllm_init')?.end;
  return end ?? tale.engineDone;
}

/** A worker's start is over when it has done its part, unless it dies before its group ever served. */
function workerDone(facts: AttemptFacts): Edge | undefined {
  const { tale, served } = facts;
  if (tale === undefined || tale.ready !== undefined) return undefined;
  const done = tale.hasEngine ? headlessDone(facts) : tale.joined;
  const died = done === undefined ? undefined : firstTrouble(facts, done);
  const inTime = died === undefined || (served !== undefined && served.when.at < died);
  return inTime ? done : undefined;
}

/** vLLM's headless executor never says that it is ready; the leader that serves with it does. */
const headlessDone = ({ tale, served }: AttemptFacts): Edge | undefined =>
  tale?.facts['headless'] === true && served !== undefined ? borrowed(served) : undefined;

/** What went wrong after a worker had done its part: a failure in its log, or a bad end that nobody asked for. */
function firstTrouble({ tale, run }: AttemptFacts, done: Edge): Instant | undefined {
  const said = (tale?.failures ?? []).filter(isRoot).map(({ when }) => when.at);
  const isBad = run?.exitCode !== undefined && run.exitCode !== 0 && run.exitCode !== SIGTERM;
  const ends = isBad && run.finished !== undefined ? [run.finished.when.at] : [];
  return [...said, ...ends].filter((at) => at > done.when.at).reduce(earliestAt, undefined);
}

const isRoot = ({ says }: Mark): boolean => says.kind === 'failed' && says.root;

const earliestAt = (known: Instant | undefined, at: Instant): Instant =>
  known === undefined || at < known ? at : known;

/** 128 + 15: a container that was asked to end. */
const SIGTERM = 143;

const readyNote = ({ tale }: AttemptFacts): string | undefined =>
  tale?.joined !== undefined && !tale.hasEngine && tale.ready === undefined
    ? 'a worker of a Ray cluster: ready means that it has joined; the engine runs with the leader'
    : undefined;

/** Without a readiness probe a container is Ready as soon as it runs: that proves nothing if it then dies. */
function diedFirst({ run, story }: AttemptFacts, ready: Edge): boolean {
  const container = story?.containers.find(({ name }) => name === run?.container);
  const dies = run?.finished !== undefined && (run.exitCode !== 0 || !wasStopped(run.finished, story));
  return dies && container?.hasReadinessProbe !== true && run.finished.when.at >= ready.when.at;
}

/** A server that was asked to go ends with 0; one that goes by itself has done its work, as a Job's does (recording n_longlines). */
const wasStopped = ({ when }: Witnessed, story: PodStory | undefined): boolean =>
  (story?.failures ?? []).some(
    (failure) =>
      failure.container === null && !WAITING.has(failure.cause) && failure.when.at <= endOfMoment(when),
  );

const rootFailures = ({ failures, engineDone, ready }: ProcessTale): readonly Mark[] => {
  const over = ready?.when.at;
  const relevant = failures.filter(({ when }) => over === undefined || when.at <= over);
  return engineDone === undefined ? relevant : relevant.filter(({ when }) => when.at >= engineDone.when.at);
};

/** A Ray script's exception does not end the start: its loop goes on. */
const endsStart = (mark: Mark): boolean => mark.says.kind === 'failed' && mark.says.cause !== 'ray_cluster';

/** Kubernetes goes on trying: a pod that waits for one of these has not failed yet, though it says why it waits. */
const WAITING: ReadonlySet<Cause> = new Set<Cause>(['unschedulable', 'image_pull', 'container_config']);

function failedEnding(facts: AttemptFacts): Ending | undefined {
  const { tale, run, endsRun } = facts;
  const said = tale?.failures ?? [];
  const killed = endsRun ? podFailure(facts) : undefined;
  const isOver = killed !== undefined && !WAITING.has(killed.cause);
  const exit = endsRun ? badExit(run) : undefined;
  const failure = logFailure(facts, said) ?? exitFailure(facts, killed, exit);
  const ended = said.some(endsStart) || exit !== undefined || isOver;
  if (!ended || failure === undefined) return superseded(facts);
  const last = latestOf([
    ...timedBest(said.filter(endsStart).map(markEdge)),
    ...(killed === undefined ? [] : [killedEdge(killed)]),
  ]);
  const end = exit?.finished === undefined ? last : witnessedEdge(exit.finished);
  return { outcome: 'failed', failure, end, note: undefined };
}

/** A container that was started again has ended, even where nobody remembers how. */
function superseded(facts: AttemptFacts): Ending | undefined {
  const { successor, run, tale } = facts;
  const evidence = successor?.proofs[0];
  if (successor === undefined || evidence === undefined) return undefined;
  const sign = latestOf([tale?.last, started(run)].filter((edge) => edge !== undefined));
  const end = run?.finished === undefined ? somewhereBefore(successor, sign) : witnessedEdge(run.finished);
  const failure: Failure = { phase: openPhase(facts, end.when.at), cause: 'restarted', evidence };
  const isUnseen = run?.finished === undefined && sign === undefined;
  return { outcome: 'failed', failure, end, ...(isUnseen ? { isEndUnseen: true } : {}), note: undefined };
}

/** Between the last sign of life and the successor's beginning: as wide as that. */
function somewhereBefore(successor: Edge, sign: Edge | undefined): Edge {
  if (sign === undefined || sign.when.at >= successor.when.at) return borrowed(successor);
  const precision = duration(successor.when.at - sign.when.at);
  return {
    when: { at: sign.when.at, precision },
    proofs: [...sign.proofs, ...successor.proofs],
    derived: true,
  };
}

/** A traceback line without a time may be as late as the next process's first line: timed ones say more. */
function timedBest(edges: readonly Edge[]): readonly Edge[] {
  const timed = edges.filter(({ when }) => when.precision <= SECOND);
  return timed.length > 0 ? timed : edges;
}

const markEdge = ({ when, proof }: Mark): Edge => ({ when, proofs: [proof], derived: false });

const killedEdge = ({ when, proof }: PodFailure): Edge => ({ when, proofs: [proof], derived: false });

/** A container that ended before it was ready; with exit code 0 only when an engine had begun. */
function badExit(run: ContainerRun | undefined): ContainerRun | undefined {
  return run?.finished !== undefined && run.exitCode !== undefined && run.exitCode !== 0 ? run : undefined;
}

function podFailure({ story, run, isLast }: AttemptFacts): PodFailure | undefined {
  const own = (story?.failures ?? []).filter(
    ({ container, restart }) =>
      (run !== undefined && container === run.container && restart === run.restart) ||
      (isLast && container === null),
  );
  const held = own.filter((failure) => !isOvercome(failure, run) && !isAftermath(failure, run));
  return held.find(({ cause }) => cause !== 'crash') ?? held[0];
}

/** Of a container of which nobody knows what it is: it may be tried again, so it ends nothing, but it went wrong first. */
function unplacedFailure({ story, isLast }: AttemptFacts): PodFailure | undefined {
  if (!isLast || story === undefined) return undefined;
  const unknown = new Set(unplaced(story));
  return story.failures.find(({ container }) => container !== null && unknown.has(container));
}

const unplaced = ({ runs }: PodStory): readonly string[] => [
  ...new Set(runs.filter(({ kind }) => kind === 'unknown').map(({ container }) => container)),
];

/** A pod that is removed after its work has ended: by the Job's time to live, by whoever cleans up. It explains nothing. */
const isAftermath = ({ cause, when }: PodFailure, run: ContainerRun | undefined): boolean =>
  cause === 'deleted' && run?.finished !== undefined && when.at > endOfMoment(run.finished.when);

/** What Kubernetes tries again until it works explains nothing once the container has started. */
const isOvercome = ({ cause, when }: PodFailure, run: ContainerRun | undefined): boolean =>
  WAITING.has(cause) && run?.started !== undefined && run.started.when.at > when.at;

/** The first cause; a consequence ("see root cause above") only when nothing better was said. */
function logFailure(facts: AttemptFacts, said: readonly Mark[]): Failure | undefined {
  const first = said.find(({ says }) => says.kind === 'failed' && says.root) ?? said[0];
  if (first === undefined || first.says.kind !== 'failed') return undefined;
  const phase = phaseOf(first.says.cause, openPhase(facts, first.when.at));
  return { phase, cause: first.says.cause, evidence: first.proof };
}

/** Causes whose own words name the phase; they count where the borders only tell an outer one. */
const CAUSE_OF: Readonly<Partial<Record<Cause, PhaseName>>> = {
  kv_cache_too_small: 'kv_cache_allocation',
  memory_profiling: 'memory_profiling',
  nccl: 'distributed_init',
  distributed_init: 'distributed_init',
  model_not_found: 'model_config',
  weights_not_found: 'weight_loading',
  weights_mismatch: 'weight_loading',
  compile_error: 'torch_compile',
  download_failed: 's5cmd_download',
  ray_cluster: 'ray_cluster_init',
  import_failure: 'python_init',
};

function phaseOf(cause: Cause, open: PhaseName | undefined): PhaseName | undefined {
  const isOuter = open === undefined || open === 'vllm_init' || open === 'startup';
  return isOuter ? (CAUSE_OF[cause] ?? open) : open;
}

function exitFailure(
  facts: AttemptFacts,
  killed: PodFailure | undefined,
  exit: ContainerRun | undefined,
): Failure | undefined {
  if (killed !== undefined) {
    const phase = killed.phase ?? openPhase(facts, killed.when.at);
    return { phase, cause: killed.cause, evidence: killed.proof };
  }
  const proof = exit?.finished?.proofs[0];
  if (exit === undefined || proof === undefined) return undefined;
  const cause = exit.reason === 'OOMKilled' ? 'out_of_memory' : exit.exitCode === 143 ? 'signal' : 'crash';
  return { phase: openPhase(facts, exit.finished?.when.at), cause, evidence: proof };
}

/** The innermost phase that was under way. */
export function openPhase(
  { tale }: Pick<AttemptFacts, 'tale'>,
  at: bigint | undefined,
): PhaseName | undefined {
  const open = (tale?.drafts ?? []).filter(
    ({ start, end }) =>
      (end === undefined || (at !== undefined && end.when.at > at)) &&
      (at === undefined || start.when.at <= at),
  );
  const innermost = [...open].sort((a, b) =>
    a.start.when.at < b.start.when.at ? -1 : a.start.when.at > b.start.when.at ? 1 : 0,
  );
  return innermost.at(-1)?.name ?? (tale?.hasEngine === true ? 'vllm_init' : undefined);
}

function incompleteEnding(facts: AttemptFacts): Ending {
  const { tale, run, story, isLast, otherEngine } = facts;
  const said = tale?.failures ?? [];
  const ended = run?.finished === undefined ? undefined : witnessedEdge(run.finished);
  const pod = isLast ? lastOf(story) : undefined;
  const end = ended ?? latestOf([tale?.last, pod, started(run)].filter((edge) => edge !== undefined));
  const trouble = podFailure(facts) ?? unplacedFailure(facts);
  const failure = logFailure(facts, said) ?? exitFailure(facts, trouble, undefined);
  return { outcome: 'incomplete', failure, end, note: noteOf(facts, otherEngine) };
}

const started = (run: ContainerRun | undefined): Edge | undefined =>
  run?.started === undefined ? undefined : witnessedEdge(run.started);

const lastOf = (story: PodStory | undefined): Edge | undefined =>
  story?.last === undefined ? undefined : witnessedEdge(story.last);

function noteOf({ run, tale, story }: AttemptFacts, otherEngine: string | undefined): string | undefined {
  if (otherEngine !== undefined) return `${otherEngine} was recognised and is not analysed`;
  if (tale?.isSpansOnly === true)
    return "only vLLM's own spans tell of it: they end with the engine, before the server answers";
  const ended = run?.finished !== undefined && run.exitCode === 0;
  if (ended && tale?.hasEngine !== true) return 'the container ended without an engine';
  const unknown = run === undefined && story !== undefined ? unplaced(story) : [];
  return unknown.length === 0
    ? undefined
    : `the node's journal does not say whether ${unknown.join(', ')} is an init container: what became of it is no outcome`;
}

// Marks → phases → startups: a pure function of the set of evidence.

import { type Duration, duration, instant, NANOSECOND } from '../base/instant.ts';
import { byText } from '../base/text.ts';
import type { LogRun } from '../model/log-run.ts';
import type { FactValue, Mark } from '../model/mark.ts';
import { ROOT } from '../model/phase.ts';
import type { ContainerRun } from '../model/pod-story.ts';
import type { Phase, Startup, StartupPod } from '../model/startup.ts';
import { adviceFor } from './advice.ts';
import { mainContainer, type MainRun, runsOf } from './container-runs.ts';
import { type Draft, draft } from './draft.ts';
import { borrowed, type Edge, earliestOf, latestOf, witnessedEdge } from './edge.ts';
import type { PodEvidence } from './evidence.ts';
import { coverageOf, gapsOf } from './gaps.ts';
import { type Expected, missingOf } from './missing.ts';
import { type Ending, endingOf, openPhase, readinessOf } from './outcome.ts';
import { podDrafts } from './pod-drafts.ts';
import { processStarts } from './process-starts.ts';
import { settle } from './settle.ts';
import { startClass } from './start-class.ts';
import { type ProcessTale, tellProcess } from './tell-process.ts';

export interface AssemblySettings {
  /** What a version of vLLM always prints on the way to "ready". */
  readonly expected: (version: string | undefined) => readonly Expected[];
}

/** Startups of all pods, ordered by pod (namespace, name, uid), then by attempt. */
export function assemble(pods: readonly PodEvidence[], settings: AssemblySettings): readonly Startup[] {
  const ordered = [...pods].sort(byPod);
  return ordered.flatMap((pod) => startupsOf(pod, settings));
}

const byPod = (a: PodEvidence, b: PodEvidence): number =>
  byText(a.namespace ?? '', b.namespace ?? '') || byText(a.name ?? '', b.name ?? '') || byText(a.uid, b.uid);

/** One attempt, with everything that is known of it. */
interface Attempt {
  readonly index: number;
  readonly isLast: boolean;
  readonly restart: number;
  readonly process: number;
  readonly run: ContainerRun | undefined;
  readonly endsRun: boolean;
  readonly logs: readonly LogRun[];
  readonly tale: ProcessTale | undefined;
  /** The next attempt's beginning, if that is another run of the container. */
  readonly successor: Edge | undefined;
}

interface PodContext {
  readonly pod: PodEvidence;
  readonly main: string | undefined;
  readonly restarts: readonly number[];
  readonly settings: AssemblySettings;
}

function startupsOf(pod: PodEvidence, settings: AssemblySettings): readonly Startup[] {
  const main = mainContainer(pod);
  const runs = runsOf(pod, main);
  const attempts = attemptsOf(pod, main, runs);
  if (attempts.length === 0) return [];
  const context = { pod, main, restarts: [...new Set(attempts.map(({ restart }) => restart))], settings };
  const startups: Startup[] = [];
  let previousEnd: Edge | undefined;
  for (const attempt of attempts) {
    const { startup, over } = startupOf(context, attempt, previousEnd);
    startups.push(startup);
    previousEnd = over;
  }
  return startups;
}

function attemptsOf(pod: PodEvidence, main: string | undefined, runs: readonly MainRun[]): readonly Attempt[] {
  const pieces = runs.flatMap((run) => piecesOf(run, main));
  const started = pieces.length > 0 ? pieces : pod.story === undefined ? [] : [NOTHING_RAN];
  return started.map((piece, index) => ({
    ...piece,
    index,
    isLast: index === started.length - 1,
    successor: successorOf(piece, started[index + 1]),
  }));
}

type Piece = Omit<Attempt, 'index' | 'isLast' | 'successor'>;

const NOTHING_RAN: Piece = { restart: 0, process: 0, run: undefined, endsRun: true, logs: [], tale: undefined };

function piecesOf(run: MainRun, main: string | undefined): readonly Piece[] {
  const starts = processStarts(run.marks);
  const common = { restart: run.restart, run: run.story, logs: run.logs };
  if (starts.length === 0) return run.story === undefined ? [] : [{ ...common, process: 0, endsRun: true, tale: undefined }];
  return starts.map((marks, process) => ({
    ...common,
    process,
    endsRun: process === starts.length - 1,
    tale: tellProcess(marks, frameOf(run, main, process)),
  }));
}

function frameOf({ restart, story }: MainRun, main: string | undefined, process: number) {
  const started = story?.started === undefined || process > 0 ? undefined : witnessedEdge(story.started);
  return { container: main ?? null, restart, process, containerStarted: started };
}

function successorOf(piece: Piece, next: Piece | undefined): Edge | undefined {
  if (next === undefined || next.restart === piece.restart) return undefined;
  return next.run?.started === undefined ? next.tale?.first : witnessedEdge(next.run.started);
}

// --- one startup ---

interface Finished {
  readonly startup: Startup;
  /** Where this attempt was over: the next one's root begins there. */
  readonly over: Edge;
}

function startupOf(context: PodContext, attempt: Attempt, previousEnd: Edge | undefined): Finished {
  const { pod } = context;
  const otherEngine = attempt.logs.map((log) => log.otherEngine).find((name) => name !== undefined);
  const ending = endingOf({ ...attempt, story: pod.story, otherEngine });
  const drafts = draftsOf(context, attempt, ending);
  const start = rootStart(context, attempt, { drafts, previousEnd });
  const end = rootEnd(start, ending, attempt);
  const phases = settle(drafts, end);
  return { startup: tell(context, attempt, { ending, start, end, phases }), over: overAt(attempt, end) };
}

/** After "ready" a process lives on: its end is the container's, or the last line it wrote. */
function overAt({ run, endsRun, tale }: Attempt, end: Edge): Edge {
  const finished = endsRun && run?.finished !== undefined ? witnessedEdge(run.finished) : tale?.last;
  return finished !== undefined && finished.when.at > end.when.at ? finished : end;
}

interface Told {
  readonly ending: Ending;
  readonly start: Edge;
  readonly end: Edge;
  readonly phases: readonly Phase[];
}

function draftsOf(context: PodContext, attempt: Attempt, ending: Ending): readonly Draft[] {
  const { pod, main, restarts } = context;
  const fromPod = attempt.process === 0 ? podDrafts({ story: pod.story, main, restarts }, attempt.restart) : [];
  const inits = attempt.index === 0 ? initDownloads(pod) : [];
  const inner = attempt.tale?.drafts ?? [];
  const startup = startupDraft(context, attempt, ending);
  const lag = readinessDraft(context, attempt);
  return [...fromPod, ...inits, ...startup, ...inner, ...lag];
}

/** Downloads by init containers: the same lines in another container's log. */
function initDownloads({ story, logs }: PodEvidence): readonly Draft[] {
  const inits = (story?.runs ?? []).filter(({ kind }) => kind === 'init');
  return inits.flatMap((run) => {
    const own = logs.filter(({ identity }) => identity.container === run.container && (identity.restart ?? run.restart) === run.restart);
    const started = run.started === undefined ? undefined : witnessedEdge(run.started);
    const frame = { container: run.container, restart: run.restart, process: 0, containerStarted: started };
    const marks: readonly Mark[] = own.flatMap((log) => log.marks);
    return tellProcess(marks, frame).drafts.filter(({ name }) => name === 's5cmd_download');
  });
}

/** The main container of this attempt: started → server ready. */
function startupDraft({ main }: PodContext, attempt: Attempt, ending: Ending): readonly Draft[] {
  const { run, tale, restart, process } = attempt;
  const witnessed = run?.started !== undefined && process === 0 ? witnessedEdge(run.started) : undefined;
  const first = witnessed ?? (tale?.first === undefined ? undefined : borrowed(tale.first));
  if (first === undefined) return [];
  const proven = tale?.ready ?? (ending.outcome === 'ready' ? (lastInner(tale) ?? ending.end) : undefined);
  const end = proven ?? (ending.outcome === 'failed' ? ending.end : undefined);
  const isOpen = ending.outcome !== 'ready';
  return [draft({ container: main ?? null, restart, process }, { name: 'startup', start: first, end: isOpen ? undefined : end })];
}

const lastInner = (tale: ProcessTale | undefined): Edge | undefined =>
  latestOf((tale?.drafts ?? []).filter(({ name }) => name === 'vllm_init').flatMap(({ end }) => end ?? []));

/** Told whenever Ready is known; without a proof of "server ready" it begins with the container, and says so. */
function readinessDraft({ pod }: PodContext, attempt: Attempt): readonly Draft[] {
  const { run, tale, restart, process, endsRun } = attempt;
  const ready = endsRun ? readinessOf({ ...attempt, story: pod.story })[0] : undefined;
  const start = tale?.ready ?? (run?.started === undefined ? undefined : borrowed(witnessedEdge(run.started)));
  if (start === undefined || ready === undefined) return [];
  const attributes: Record<string, FactValue> = tale?.ready === undefined ? { 'startup.start_unknown': true } : {};
  const owner = { container: null, restart, process };
  return [draft(owner, { name: 'readiness_lag', start: borrowed(start), end: ready, attributes })];
}

function rootStart({ pod }: PodContext, attempt: Attempt, known: { drafts: readonly Draft[]; previousEnd: Edge | undefined }): Edge {
  const created = attempt.index === 0 ? pod.story?.created : undefined;
  if (created !== undefined) return witnessedEdge(created);
  const own = earliestOf(known.drafts.map(({ start }) => start));
  const before = known.previousEnd;
  if (before !== undefined && (own === undefined || before.when.at <= own.when.at)) return before;
  return own ?? attempt.tale?.first ?? NOWHEN;
}

/** Of a startup without any time at all. */
const NOWHEN: Edge = { when: { at: instant(0n), precision: NANOSECOND }, proofs: [], derived: true };

function rootEnd(start: Edge, ending: Ending, attempt: Attempt): Edge {
  const end = ending.end ?? attempt.tale?.last ?? start;
  return end.when.at < start.when.at ? start : end;
}

function tell(context: PodContext, attempt: Attempt, told: Told): Startup {
  const { pod, main, settings } = context;
  const { ending, start, end, phases } = told;
  const evidence = [
    ...start.proofs.map((proof) => ({ at: 'start' as const, ...proof })),
    ...end.proofs.map((proof) => ({ at: 'end' as const, ...proof })),
  ];
  const owner = { container: null, restart: attempt.restart, process: attempt.process };
  const gaps = gapsOf({ ...owner, name: ROOT, start: start.when.at, end: end.when.at, evidence }, phases);
  const facts = attempt.tale?.facts ?? {};
  const engine = engineOf(attempt, facts);
  return {
    pod: podOf(pod),
    attributes: attributesOf(context, attempt),
    attempt: attempt.index,
    container: main ?? null,
    restart: attempt.restart,
    process: attempt.process,
    ...(engine === undefined ? {} : { engine }),
    outcome: ending.outcome,
    class: startClass(phases, facts),
    ...(ending.failure === undefined ? {} : { failure: ending.failure }),
    ...silenceOf(attempt, told),
    ...(ending.note === undefined ? {} : { note: ending.note }),
    start: start.when,
    end: end.when,
    evidence,
    coverage: coverageOf(start.when.at, end.when.at, gaps),
    phases,
    gaps,
    missing: missingOf({
      phases,
      absent: attempt.tale?.absent ?? new Map(),
      expected: attempt.tale?.hasEngine === true ? settings.expected(engine?.version) : [],
      engine: `vllm ${engine?.version ?? '(version not printed)'}`,
      gotThrough: attempt.tale?.ready !== undefined || attempt.tale?.engineDone !== undefined,
    }),
    conflicts: [],
    ...podTotal(pod, attempt, end),
    advice: adviceFor(pod, attempt),
  };
}

function silenceOf(attempt: Attempt, { ending, end, phases }: Told): Pick<Startup, 'silent'> | object {
  if (ending.outcome !== 'incomplete') return {};
  const last = phases.filter(({ certainty, name }) => certainty === 'open' && name !== 'startup').at(-1);
  const phase = last?.name ?? openPhase(attempt, end.when.at) ?? 'startup';
  const since = attempt.tale?.last?.when.at ?? last?.start.at;
  if (since === undefined) return {};
  const lasting = end.when.at > since ? end.when.at - since : 0n;
  return { silent: { phase, since, lasting: duration(lasting) } };
}

function podTotal({ story }: PodEvidence, { isLast, index }: Attempt, end: Edge): { podTotal?: Duration } {
  if (!isLast || index === 0 || story?.created === undefined) return {};
  return { podTotal: duration(end.when.at - story.created.when.at) };
}

function podOf({ uid, uidSynthetic, name, namespace, story, logs }: PodEvidence): StartupPod {
  const node = story?.identity.node ?? logs.map(({ identity }) => identity.node).find((one) => one !== undefined);
  return { uid, uidSynthetic, name: name ?? null, namespace: namespace ?? null, node: node ?? null };
}

function engineOf({ tale }: Attempt, facts: Readonly<Record<string, FactValue>>): Startup['engine'] {
  if (tale?.hasEngine !== true) return undefined;
  const version = facts['vllm_version'];
  return { name: 'vllm', ...(version === undefined ? {} : { version: String(version) }) };
}

/** Kubernetes knows the endpoint, the log knows the engine; where both speak, Kubernetes names and the log measures. */
function attributesOf({ pod }: PodContext, { tale, logs }: Attempt): Readonly<Record<string, FactValue>> {
  const clock: Record<string, FactValue> = logs.some(({ timed }) => !timed) ? { clock: 'none' } : {};
  const named: Record<string, FactValue> = pod.namespace === undefined ? {} : { namespace: pod.namespace };
  return { ...tale?.facts, ...named, ...pod.story?.attributes, ...clock };
}


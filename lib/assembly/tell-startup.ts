// One attempt as a startup: its borders, and everything that is concluded from its phases.

import { type Duration, duration, instant } from '../base/instant.ts';
import { type FactValue, UNKNOWN_PRECISION } from '../model/mark.ts';
import { ROOT } from '../model/phase.ts';
import type { Conflict, Phase, Startup, StartupPod } from '../model/startup.ts';
import { adviceFor } from './advice.ts';
import type { Attempt } from './attempts.ts';
import { attributesOf, nodeOf } from './attributes.ts';
import { conflictsOf } from './conflicts.ts';
import type { Draft } from './draft.ts';
import { type Edge, earliestOf, isClearlyBefore, witnessedEdge } from './edge.ts';
import { type PodEvidence, processKey } from './evidence.ts';
import { coverageOf, gapsOf } from './gaps.ts';
import { type Expected, missingOf } from './missing.ts';
import { type Compared, comparedSpans } from './native-comparison.ts';
import { type Ending, endingOf, openPhase } from './outcome.ts';
import { settle } from './settle.ts';
import { startClass } from './start-class.ts';
import { draftsOf, type PodFrame } from './startup-drafts.ts';

export interface AssemblySettings {
  /** What a version of vLLM always prints on the way to "ready". */
  readonly expected: (version: string | undefined) => readonly Expected[];
}

export interface PodContext extends PodFrame {
  readonly settings: AssemblySettings;
}

export interface Finished {
  readonly startup: Startup;
  /** Where this attempt was over: the next one's root begins there. */
  readonly over: Edge;
}

/** `previousEnd`: where the attempt before was over, when there was one. */
export function startupOf(context: PodContext, attempt: Attempt, previousEnd: Edge | undefined): Finished {
  const { pod } = context;
  const otherEngine = attempt.logs.map((log) => log.otherEngine).find((name) => name !== undefined);
  const served = pod.hints?.get(processKey(attempt))?.served;
  const ending = endingOf({ ...attempt, story: pod.story, otherEngine, served });
  const drafts = draftsOf(context, attempt, ending);
  const start = rootStart(context, attempt, { drafts, previousEnd, end: ending.end });
  const end = rootEnd(start, ending, attempt);
  const phases = settle(drafts, end);
  return {
    startup: tell(context, attempt, { ending, start, end, drafts, phases, otherEngine }),
    over: overAt(attempt, end),
  };
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
  readonly drafts: readonly Draft[];
  readonly phases: readonly Phase[];
  readonly otherEngine: string | undefined;
}

function rootStart(
  { pod }: PodContext,
  attempt: Attempt,
  known: { drafts: readonly Draft[]; previousEnd: Edge | undefined; end: Edge | undefined },
): Edge {
  const created = attempt.index === 0 ? pod.story?.created : undefined;
  if (created !== undefined) return witnessedEdge(created);
  const own = earliestOf(known.drafts.map(({ start }) => start));
  const before = known.previousEnd;
  if (before !== undefined && (own === undefined || before.when.at <= own.when.at)) return before;
  return own ?? attempt.tale?.first ?? known.end ?? NOWHEN;
}

/** Of a startup without any time at all. */
const NOWHEN: Edge = { when: { at: instant(0n), precision: UNKNOWN_PRECISION }, proofs: [], derived: true };

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
  const engine = engineOf(attempt, facts, told.otherEngine);
  const native = nativeOf(attempt);
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
    ...(isLengthKnown(ending, start) ? {} : { lengthUnknown: true }),
    evidence,
    coverage: coverageOf(start.when.at, end.when.at, gaps),
    phases,
    gaps,
    missing: missingIn(attempt, phases, { expected: settings.expected, version: engine?.version }),
    conflicts: [...allConflicts(context, attempt, told), ...native.conflicts],
    ...rowsOf(native),
    ...podTotal(pod, attempt, end),
    advice: attempt.isLast ? adviceFor(pod, attempt) : [],
  };
}

/** What is told to have ended before it began stands at its beginning; a run known by its number only ends where the next one began. */
const isLengthKnown = ({ end, isEndUnseen }: Ending, start: Edge): boolean =>
  isEndUnseen !== true && !(end !== undefined && isClearlyBefore(end, start));

interface Engine extends AssemblySettings {
  readonly version: string | undefined;
}

const missingIn = (
  attempt: Attempt,
  phases: readonly Phase[],
  { expected, version }: Engine,
): Startup['missing'] =>
  missingOf({
    phases,
    absent: attempt.tale?.absent ?? new Map(),
    expected: speaks(attempt) ? expected(version) : [],
    engine: `vllm ${version ?? '(version not printed)'}`,
    gotThrough: attempt.tale?.ready !== undefined || attempt.tale?.engineDone !== undefined,
  });

function allConflicts(context: PodContext, attempt: Attempt, told: Told): readonly Conflict[] {
  const container = context.pod.story?.containers.find(({ name }) => name === context.main);
  return [
    ...conflictsOf({ ...told, attempt, container }),
    ...storyConflicts(context, attempt),
    ...nameConflict(context.pod, attempt),
  ];
}

/** What Kubernetes' witnesses disagree about belongs to the attempt it is about, the pod's own to the first. */
function storyConflicts(
  { pod: { story }, main }: PodContext,
  { index, restart }: Attempt,
): readonly Conflict[] {
  return (story?.conflicts ?? [])
    .filter(({ run }) =>
      run !== undefined && run.container === main ? run.restart === restart : index === 0,
    )
    .map(({ what, says }) => ({ what, says }));
}

/** A uid is given once: a folder that was copied under another name, or a path that lies. */
function nameConflict({ called }: PodEvidence, { index }: Attempt): readonly Conflict[] {
  if (called === undefined || index > 0) return [];
  const says = `one uid is said to be ${called.join(' and ')}: what they tell is told as one pod`;
  return [{ what: 'identity', says }];
}

/** A marker can only be missing from a log. */
const speaks = ({ tale }: Attempt): boolean => tale?.hasEngine === true && !tale.isSpansOnly;

const rowsOf = ({ rows }: Compared): Pick<Startup, 'nativeSpans'> =>
  rows.length === 0 ? {} : { nativeSpans: rows };

const nativeOf = ({ tale }: Attempt): Compared => comparedSpans(tale?.native.spans ?? [], tale?.logged ?? []);

function silenceOf(attempt: Attempt, { ending, end, phases }: Told): Pick<Startup, 'silent'> | object {
  if (ending.outcome !== 'incomplete') return {};
  const last = phases.filter(({ certainty, name }) => certainty === 'open' && name !== 'startup').at(-1);
  const open = attempt.tale?.isSpansOnly === true ? 'startup' : openPhase(attempt, end.when.at);
  const phase = last?.name ?? open ?? 'startup';
  const since = attempt.tale?.last?.when.at ?? last?.start.at;
  if (since === undefined) return {};
  const lasting = end.when.at > since ? end.when.at - since : 0n;
  return { silent: { phase, since, lasting: duration(lasting) } };
}

function podTotal({ story }: PodEvidence, { isLast, index }: Attempt, end: Edge): { podTotal?: Duration } {
  if (!isLast || index === 0 || story?.created === undefined) return {};
  const total = end.when.at - story.created.when.at;
  return total < 0n ? {} : { podTotal: duration(total) };
}

function podOf(pod: PodEvidence): StartupPod {
  const { uid, uidSynthetic, name, namespace } = pod;
  return { uid, uidSynthetic, name: name ?? null, namespace: namespace ?? null, node: nodeOf(pod) ?? null };
}

function engineOf(
  { tale }: Attempt,
  facts: Readonly<Record<string, FactValue>>,
  other: string | undefined,
): Startup['engine'] {
  if (tale?.hasEngine !== true) return other === undefined ? undefined : { name: other };
  const version = facts['vllm_version'];
  return { name: 'vllm', ...(version === undefined ? {} : { version: String(version) }) };
}

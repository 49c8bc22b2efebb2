// The runs of a pod's main container: which container that is, and what is known of each run.

import { byText } from '../base/text.ts';
import type { LogRun } from '../model/log-run.ts';
import type { Mark, Saying } from '../model/mark.ts';
import type { ContainerKind, ContainerRun, PodStory } from '../model/pod-story.ts';
import type { NativeStart, PodEvidence } from './evidence.ts';
import { runOfLog } from './run-of-log.ts';

export interface MainRun {
  readonly restart: number;
  readonly story: ContainerRun | undefined;
  readonly logs: readonly LogRun[];
  /** Of all its logs, in line order, each once. */
  readonly marks: readonly Mark[];
  /** What vLLM itself recorded of the starts of this run, in their order. */
  readonly native: readonly NativeStart[];
}

/** The container with engine lines, else the one whose engine recorded spans, else the default-container annotation, else the first main one. */
export function mainContainer({ story, logs, native = [] }: PodEvidence): string | undefined {
  const inits = containersOf(story, ['init', 'sidecar']);
  const unknown = containersOf(story, ['unknown']);
  const scored = logs
    .filter(({ identity }) => !inits.has(identity.container ?? ''))
    .map((log) => ({ name: log.identity.container, score: engineScore(log) }))
    // An init container downloads too: what is not known to be a main one must hold an engine.
    .filter(({ name, score }) => score > (unknown.has(name ?? '') ? DOWNLOAD : 0))
    .sort((a, b) => b.score - a.score || byText(a.name ?? '', b.name ?? ''));
  if (scored[0] !== undefined) return scored[0].name ?? soleMain(story);
  const recorded = native.flatMap(({ spans }) => spans).flatMap(({ identity }) => identity.container ?? []);
  if (recorded[0] !== undefined) return [...recorded].sort(byText)[0];
  const marked = story?.defaultContainer;
  // Anybody may write an annotation: it chooses among the pod's containers, and makes none.
  if (marked !== undefined && story?.containers.some(({ name }) => name === marked)) return marked;
  const named = logs.flatMap(({ identity }) => identity.container ?? []);
  return soleMain(story) ?? named.find((name) => !unknown.has(name));
}

/** As the pod lists them; where only events or journals know the pod, as they name them. */
const containersOf = (story: PodStory | undefined, kinds: readonly ContainerKind[]): ReadonlySet<string> =>
  new Set([
    ...(story?.containers ?? []).filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name),
    ...(story?.runs ?? []).filter(({ kind }) => kinds.includes(kind)).map(({ container }) => container),
  ]);

const soleMain = (story: PodStory | undefined): string | undefined =>
  story?.containers.find(({ kind }) => kind === 'main')?.name ??
  story?.runs.find(({ kind }) => kind === 'main')?.container;

const DOWNLOAD = 1;

/** An engine outweighs a download, and either outweighs nothing. */
function engineScore({ marks, otherEngine }: LogRun): number {
  if (
    marks.some(({ says }) => says.kind === 'process_began' || says.kind === 'ready' || says.kind === 'lasted')
  )
    return 3;
  if (otherEngine !== undefined) return 2;
  return marks.some(({ says }) => says.kind !== 'seen') ? DOWNLOAD : 0;
}

/** In the order of restarts: every run that a log or Kubernetes tells of. */
export function runsOf(pod: PodEvidence, main: string | undefined): readonly MainRun[] {
  const told = (pod.story?.runs ?? []).filter(({ container }) => container === main);
  const logs = pod.logs.filter(({ identity }) => belongsTo(identity.container, main, pod));
  const byRestart = new Map<number, LogRun[]>();
  for (const log of logs) {
    const restart = log.identity.restart ?? runOfLog(log, told);
    byRestart.set(restart, [...(byRestart.get(restart) ?? []), log]);
  }
  const native = Map.groupBy(pod.native ?? [], ({ restart }) => restart);
  const restarts = new Set([...byRestart.keys(), ...told.map(({ restart }) => restart), ...native.keys()]);
  return [...restarts]
    .sort((a, b) => a - b)
    .map((restart) => ({
      ...runOf(restart, told, byRestart.get(restart) ?? []),
      native: [...(native.get(restart) ?? [])].sort((a, b) => a.process - b.process),
    }));
}

/** A log that names no container is the main one's, unless the pod has logs that do. */
const belongsTo = (container: string | undefined, main: string | undefined, pod: PodEvidence): boolean =>
  container === main ||
  (container === undefined &&
    pod.logs.every((log) => log.identity.container === undefined || log.identity.container === main));

function runOf(
  restart: number,
  told: readonly ContainerRun[],
  logs: readonly LogRun[],
): Omit<MainRun, 'native'> {
  const story = told.find((run) => run.restart === restart);
  const sorted = [...logs].sort(byFirstLine);
  const marks = joinMarks(sorted);
  const isOther = sorted.some(({ otherEngine }) => otherEngine !== undefined) && !marks.some(provesVllm);
  return { restart, story, logs: sorted, marks: isOther ? marks.filter(isOfAnyEngine) : marks };
}

const provesVllm = ({ says }: Mark): boolean => says.kind === 'process_began';

/** Other engines print some of the same lines (bars, uvicorn): without vLLM they prove none of its phases. */
function isOfAnyEngine({ says }: Mark): boolean {
  if (says.kind === 'fact') return says.name === 'other_engine';
  if (says.kind === 'seen' || says.kind === 'failed') return true;
  return 'phase' in says && (says.phase === 's5cmd_download' || says.phase === 'ray_cluster_init');
}

/** What several logs of one run say, in line order, each line once. */
export const marksOf = (logs: readonly LogRun[]): readonly Mark[] => joinMarks([...logs].sort(byFirstLine));

function byFirstLine(a: LogRun, b: LogRun): number {
  const first = a.marks[0]?.when.at ?? 0n;
  const second = b.marks[0]?.when.at ?? 0n;
  return first < second ? -1 : first > second ? 1 : byText(a.source, b.source);
}

/** Parts of one log, one after the other; logs of the same time (two copies, stdout and stderr apart) by instant. */
function joinMarks(logs: readonly LogRun[]): readonly Mark[] {
  const [sole] = logs;
  if (sole !== undefined && logs.length === 1) return sole.marks.filter(isNewOnItsLine);
  const once = withoutRepeats(logs.flatMap(({ marks }) => marks));
  return overlap(logs) ? [...once].sort(byMoment) : once;
}

/** In a log that was read once a saying can only be repeated on its own line. */
function isNewOnItsLine(mark: Mark, index: number, marks: readonly Mark[]): boolean {
  for (let before = index - 1; before >= 0; before -= 1) {
    const other = marks[before];
    if (other === undefined || other.proof.line !== mark.proof.line) return true;
    if (saysTheSame(other, mark)) return false;
  }
  return true;
}

const saysTheSame = (a: Mark, b: Mark): boolean =>
  a.says.kind === b.says.kind && sayingOf(a.says) === sayingOf(b.says) && a.proof.text === b.proof.text;

const sayingOf = (says: Saying): string =>
  `${says.kind}\0${'phase' in says ? says.phase : ''}\0${'name' in says ? says.name : ''}`;

function overlap(logs: readonly LogRun[]): boolean {
  return logs.some((log, index) => {
    const next = logs[index + 1]?.marks[0]?.when.at;
    const last = log.marks.at(-1)?.when.at;
    return next !== undefined && last !== undefined && next < last;
  });
}

const byMoment = (a: Mark, b: Mark): number => {
  if (a.when.at !== b.when.at) return a.when.at < b.when.at ? -1 : 1;
  return (a.proof.line ?? 0) - (b.proof.line ?? 0) || byText(a.proof.source, b.proof.source);
};

/** The same line, read twice, is one line: by place, or across sources by instant and wording. */
function withoutRepeats(marks: readonly Mark[]): readonly Mark[] {
  const places = new Set<string>();
  const wordings = new Map<string, string>();
  return marks.filter(({ proof, when, says }) => {
    const what = `${sayingOf(says)}\0${proof.text}`;
    const place = `${proof.source}\0${proof.line}\0${what}`;
    const wording = `${when.at}\0${what}`;
    const source = wordings.get(wording) ?? proof.source;
    if (places.has(place) || source !== proof.source) return false;
    places.add(place);
    wordings.set(wording, source);
    return true;
  });
}

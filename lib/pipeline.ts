// The pipeline: evidence → marks → startups. The one place that knows all rooms of reading.

import { assemble } from './assembly/assemble.ts';
import type { PodEvidence } from './assembly/evidence.ts';
import { joinPods } from './assembly/join-pods.ts';
import { append } from './base/append.ts';
import { parseZone } from './base/civil.ts';
import type { Counter } from './base/tally.ts';
import { newCounter } from './base/tally.ts';
import { keepStartup, selectsPod } from './filters.ts';
import { expectedPhases } from './formats/expected.ts';
import type { ClockSettings } from './framings/program-clock.ts';
import { joinNativeSpans } from './join-native-spans.ts';
import { joinJournal, type KubeRecord, storiesInTurn, wantedImages } from './kubernetes/index.ts';
import { lintOf } from './lint-logs.ts';
import type { LogRun } from './model/log-run.ts';
import type { NativeSpan } from './model/native-span.ts';
import type { Answer, Problem, Replay, ReplayDeps, ReplayRequest } from './pipeline-types.ts';
import { type Evidence, readEvidence } from './read-evidence.ts';
import { type ByteStream, files, type Source, type SourceProblem, standardInput } from './sources/index.ts';

interface Reading {
  readonly request: ReplayRequest;
  readonly counter: Counter;
  readonly records: KubeRecord[];
  readonly logs: LogRun[];
  readonly spans: NativeSpan[];
  readonly problems: Problem[];
  readonly progress: (step: { bytes: number; file: string }) => void;
}

/** Reads everything that the paths hold; what cannot be read is a problem in the answer, never an exception. */
export const replay: Replay = (request, deps) => replayFrom(sourcesOf(request, deps), request, deps);

/** The same for evidence from anywhere: the request's own paths are not looked at. */
export async function replayFrom(
  sources: readonly Source[],
  request: ReplayRequest,
  deps: Pick<ReplayDeps, 'progress'>,
): Promise<Answer> {
  const items = await listed(sources);
  const reading = newReading(request, deps, totalOf(items));
  for (const item of items) await take(reading, item);
  for (const source of sources) conclude(reading, source);
  return answerOf(reading);
}

function conclude(reading: Reading, { afterwards, counts }: Source): void {
  for (const problem of afterwards?.() ?? []) noteProblem(reading, problem);
  for (const [name, count] of Object.entries(counts?.() ?? {})) reading.counter.count(name, count);
}

type Item = ByteStream | SourceProblem;

/** Nothing is read yet: what there is, so that the progress knows how far it is. */
async function listed(sources: readonly Source[]): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (const source of sources) for await (const item of source.open()) items.push(item);
  return items;
}

/** 0 when some stream does not know its size: a share of an unknown whole would be invented. */
function totalOf(items: readonly Item[]): number {
  const streams = items.filter((item) => item.kind === 'stream');
  const isKnown = streams.every(({ hasSize }) => hasSize);
  return isKnown ? streams.reduce((sum, { size }) => sum + size, 0) : 0;
}

function newReading(request: ReplayRequest, deps: Pick<ReplayDeps, 'progress'>, bytesTotal: number): Reading {
  const counter = newCounter();
  let bytesDone = 0;
  const progress = ({ bytes, file }: { bytes: number; file: string }): void => {
    bytesDone += bytes;
    deps.progress({ bytesDone, bytesTotal, files: counter.tally.get('files.read') ?? 0, file });
  };
  return { request, counter, records: [], logs: [], spans: [], problems: [], progress };
}

/** What the request's paths name. */
export function sourcesOf({ paths }: ReplayRequest, { stdin, now }: ReplayDeps): readonly Source[] {
  const named = paths.filter((path) => path !== '-');
  const piped = named.length < paths.length ? [standardInput(stdin, now())] : [];
  return [files(named), ...piped];
}

async function take(reading: Reading, item: Item): Promise<void> {
  if (item.kind === 'problem') return noteProblem(reading, item);
  const evidence = await readEvidence(item, contextOf(reading, item));
  keepEvidence(reading, item, evidence);
}

function noteProblem({ counter, problems }: Reading, { kind: _, ...problem }: SourceProblem): void {
  const { what = 'files.unreadable' } = problem;
  counter.count(what);
  problems.push({ ...problem, what });
}

function contextOf(reading: Reading, stream: ByteStream) {
  const { counter, request } = reading;
  const onRead = (bytes: number): void => reading.progress({ bytes, file: stream.where });
  const { identity, trusted = [], lint = false } = request;
  return { counter, clock: clockOf(request, stream), identity, trusted, everyLine: lint, onRead };
}

/** The configuration has checked the zone already; one that cannot be read counts as not given. */
function clockOf({ clock }: ReplayRequest, { modified }: ByteStream): ClockSettings {
  const zone = clock.tz === undefined ? undefined : parseZone(clock.tz);
  return { year: clock.year, zone: zone?.ok === true ? zone.value : undefined, modified };
}

function keepEvidence(reading: Reading, stream: ByteStream, evidence: Evidence): void {
  const { counter, problems, records, logs, spans } = reading;
  counter.count('files.read');
  if (evidence.isEvidence) counter.count('files.evidence');
  else counter.count('files.not_evidence');
  for (const problem of evidence.problems) {
    counter.count(problem.what);
    problems.push({ ...problem, asked: problem.asked && stream.asked });
  }
  append(records, evidence.records);
  append(logs, evidence.logs);
  append(spans, evidence.spans);
}

function answerOf({ request, counter, records, logs, spans, problems }: Reading): Answer {
  const known = joinPods(storiesInTurn(withSightings(records, counter)), logs);
  const all = joinNativeSpans({ pods: known, spans, counter, problems });
  const pods = all.filter((pod) => selectsPod(request.filters, pod));
  const asked = new Set(pods.map(({ uid }) => uid));
  // All are told: a pod that was not asked for may be the one that the others waited for.
  const told = assemble(all, { expected: expectedPhases }).filter(({ pod }) => asked.has(pod.uid));
  const startups = told.filter((startup) => keepStartup(request.filters, startup));
  counter.count('startups', startups.length);
  for (const { outcome } of startups) counter.count(`startups.${outcome}`);
  const conflicting = startups.filter(({ conflicts }) => conflicts.length > 0).length;
  if (conflicting > 0) counter.count('startups.conflicting', conflicting);
  const lint = request.lint === true ? lintOf(logsAsked(request, logs, pods), startups, expectedPhases) : [];
  return { startups, tally: counter.tally, problems, lint };
}

/** What journals say of pods; what can be told of nobody is counted. */
function withSightings(records: KubeRecord[], counter: Counter): KubeRecord[] {
  const journal = records.filter((record) => record.kind === 'journal');
  if (journal.length === 0) return records;
  const { sightings, lost } = joinJournal(journal, wantedImages(records));
  for (const [name, count] of Object.entries(lost)) if (count > 0) counter.count(name, count);
  const others = records.filter((record) => record.kind !== 'journal');
  records.length = 0;
  append(records, others);
  append(records, sightings);
  return records;
}

/** A log in which nothing starts belongs to no pod, and may have markers all the same. */
function logsAsked(
  { filters }: ReplayRequest,
  logs: readonly LogRun[],
  pods: readonly PodEvidence[],
): readonly LogRun[] {
  const isFiltered =
    filters.pod !== undefined || filters.namespace !== undefined || filters.selector !== undefined;
  return isFiltered ? pods.flatMap((pod) => pod.logs) : logs;
}

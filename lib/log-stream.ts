// One log stream on its way to marks: what was said, by line, and when.
//
// A file may carry the lines of several containers (an export of Fluent Bit, a
// `kubectl logs --prefix`): each gets a stream of its own. Only lines that say
// something, and the few whose time is needed, are kept.

import { type Duration, formatInstant, instant, SECOND } from './base/instant.ts';
import { redact } from './base/redact.ts';
import type { Counter } from './base/tally.ts';
import { type Entries, type Entry, newEntries } from './entries.ts';
import { looksLikeMarker } from './formats/drift.ts';
import { holdsLiteral, type Match, readRecord, readWrapped } from './formats/read.ts';
import { parseRecords } from './formats/record.ts';
import { type ClockSettings, momentsOf, type Timed } from './framings/program-clock.ts';
import { evidenceText, type Heard, joined, proofOf } from './heard.ts';
import type { Framed, LogRecord } from './model/line.ts';
import type { Identity, LogRun, Unknown } from './model/log-run.ts';
import { type Mark, type Moment, outlivesReady, type Saying, UNKNOWN_PRECISION } from './model/mark.ts';

/** `lint` lists at most so many unknown markers of one stream. */
const UNKNOWN_LIMIT = 1000;

export interface StreamStart {
  readonly source: string;
  readonly identity: Identity;
  readonly previous: boolean;
  readonly clock: ClockSettings;
  readonly counter: Counter;
  /** The last line with a time that was not handed over because it says nothing. */
  readonly remembered: () => Remembered | undefined;
}

export interface Remembered {
  readonly framed: Framed;
  readonly line: number;
}

export interface LogStream {
  /** A whole line out of its envelope; `line` counts from 1. */
  readonly read: (framed: Framed, line: number) => void;
  /** True once the first time of the stream is known: before, no line may be skipped. */
  readonly hasTime: () => boolean;
  /** True between "ready" and the next beginning: most markers mean nothing then. */
  readonly isReady: () => boolean;
  /** True while a line without a time waits for its next neighbour. */
  readonly wantsTime: () => boolean;
  readonly end: () => LogRun;
}

interface State {
  readonly start: StreamStart;
  readonly entries: Entries;
  readonly unknown: Unknown[];
  readonly begins: string[];
  /** The latest line with a time, not yet among the entries. */
  latest: Entry | undefined;
  /** A record that matched nothing although it begins like one that would: its end may be on the next row. */
  torn: Heard | undefined;
  /** Number of the last line that had a time. */
  lastLine: number;
  /** Number of the last line that was kept as a neighbour. */
  keptLine: number;
  hasTime: boolean;
  /** Lines whose time is finer than a second, less those whose time is not. */
  fineness: number;
  wantsTime: boolean;
  isReady: boolean;
  failuresAfterReady: number;
  otherEngine: string | undefined;
}

export function logStream(start: StreamStart): LogStream {
  const state: State = {
    start,
    entries: newEntries(),
    unknown: [],
    begins: [],
    latest: undefined,
    torn: undefined,
    lastLine: 0,
    keptLine: 0,
    hasTime: false,
    fineness: 0,
    wantsTime: false,
    isReady: false,
    failuresAfterReady: 0,
    otherEngine: undefined,
  };
  return {
    read: (framed, line) => readFramed(state, framed, line),
    hasTime: () => state.hasTime,
    isReady: () => state.isReady,
    wantsTime: () => state.wantsTime,
    end: () => finish(state),
  };
}

function readFramed(state: State, framed: Framed, line: number): void {
  const records = parseRecords(framed);
  const whole = records.length === 1 ? framed.text : undefined;
  for (const record of records) readOne(state, { record, stamp: framed.stamp, line, whole });
}

function readOne(state: State, heard: Heard): void {
  const { record } = heard;
  const match = readRecord(record);
  const torn = state.torn;
  state.torn = match === undefined && holdsLiteral(record) ? heard : undefined;
  const mended = match === undefined && torn !== undefined ? readWrapped(torn.record, record) : undefined;
  if (mended !== undefined && torn !== undefined) takeRecord(state, joined(torn, heard), mended);
  takeRecord(state, heard, match);
}

function takeRecord(state: State, heard: Heard, match: Match | undefined): void {
  const { record, stamp } = heard;
  const timed: Timed = { stamp, clock: record.clock };
  const says = match === undefined ? [] : relevant(state, match).map(withoutSecret);
  if (match === undefined) noteUnknown(state, heard);
  const time = stamp ?? record.clock;
  if (says.length === 0 && time === undefined) return;
  const rule = match?.rule.id ?? 'line';
  const entry = {
    timed,
    says,
    proof: proofOf(state.start.source, heard, rule),
    speaker: record.speaker,
    copies: record.copies,
  };
  if (says.length > 0) keep(state, entry, match);
  if (time !== undefined) noteTime(state, entry, time.precision);
}

/** A model may be named by a URL with a password in it. */
function withoutSecret(saying: Saying): Saying {
  if (saying.kind !== 'fact' || typeof saying.value !== 'string') return saying;
  return { ...saying, value: redact(saying.value) };
}

const SEEN: Saying = { kind: 'seen' };

/** After "ready" only what can begin a new attempt, or prove a failure, matters. */
function relevant(state: State, match: Match): readonly Saying[] {
  // A record of the start that proves nothing where it stands is still the next record of the start.
  const says = match.sayings.length === 0 && !state.isReady ? [SEEN] : match.sayings;
  if (says.some(({ kind }) => kind === 'process_began')) state.isReady = false;
  if (!state.isReady) {
    state.isReady = says.some(({ kind }) => kind === 'ready');
    return says;
  }
  const kept = says.filter((saying) => matters(state, saying));
  if (kept.length < says.length) state.start.counter.count('marks.after_ready');
  return kept;
}

function matters(state: State, saying: Saying): boolean {
  if (saying.kind === 'failed') {
    state.failuresAfterReady += 1;
    return state.failuresAfterReady <= 8;
  }
  return outlivesReady(saying);
}

function keep(state: State, entry: Entry, match: Match | undefined): void {
  state.start.counter.count('lines.matched');
  const begins = entry.says.some(({ kind }) => kind === 'process_began');
  const isTimed = entry.timed.stamp !== undefined || entry.timed.clock !== undefined;
  if (begins || !isTimed) keepLatest(state);
  if (begins) state.entries.renew();
  state.entries.add(entry);
  if (begins && state.begins.length < 3) state.begins.push(`${match?.rule.id} ${entry.proof.text}`);
  if (!isTimed) state.wantsTime = true;
  state.otherEngine ??= entry.says.map(engineNamed).find((name) => name !== undefined);
}

const engineNamed = (saying: Saying): string | undefined =>
  saying.kind === 'fact' && saying.name === 'other_engine' ? String(saying.value) : undefined;

/** The neighbour before: the last line with a time, be it one that was read or one that was skipped. */
function keepLatest(state: State): void {
  const skipped = state.start.remembered();
  if (
    skipped !== undefined &&
    skipped.line > (state.latest?.proof.line ?? 0) &&
    skipped.line > state.lastLine
  )
    for (const record of parseRecords(skipped.framed)) state.latest = seenEntry(state, record, skipped);
  const line = state.latest?.proof.line ?? 0;
  if (state.latest !== undefined && line > state.keptLine)
    state.entries.add({ ...state.latest, says: [SEEN] });
  state.keptLine = Math.max(line, state.keptLine);
  state.latest = undefined;
}

function seenEntry(state: State, record: LogRecord, { framed, line }: Remembered): Entry {
  const heard = { record, stamp: framed.stamp, line, whole: framed.text };
  const timed = { stamp: framed.stamp, clock: record.clock };
  return {
    timed,
    says: [],
    proof: proofOf(state.start.source, heard, 'line'),
    speaker: record.speaker,
    copies: 1,
  };
}

function noteTime(state: State, entry: Entry, precision: Duration): void {
  state.fineness += precision < SECOND ? 1 : -1;
  const isKept = entry.says.length > 0;
  if (!isKept && (state.wantsTime || !state.hasTime)) state.entries.add({ ...entry, says: [SEEN] });
  state.hasTime = true;
  state.wantsTime = false;
  state.latest = isKept ? undefined : entry;
  state.lastLine = entry.proof.line ?? 0;
}

function noteUnknown(state: State, heard: Heard): void {
  if (state.unknown.length >= UNKNOWN_LIMIT || state.isReady || !looksLikeMarker(heard.record)) return;
  state.unknown.push({ source: state.start.source, line: heard.line, text: evidenceText(heard) });
}

function finish(state: State): LogRun {
  const { start } = state;
  keepLatest(state);
  const entries = state.entries.all();
  const moments = momentsOf(
    entries.map(({ timed }) => timed),
    start.clock,
  );
  const marks = entries.flatMap((entry, index) => marksOf(entry, moments[index] ?? UNTIMED));
  const first = moments.find((moment) => moment !== undefined);
  return {
    identity: start.identity,
    source: start.source,
    previous: start.previous,
    marks,
    timed: first !== undefined,
    weakClock: state.fineness <= 0,
    otherEngine: state.otherEngine,
    seed: seedOf(state, marks),
    unknown: state.unknown,
  };
}

/** A log without any time: its marks all stand at the epoch, and the run says so. */
const UNTIMED: Moment = { at: instant(0n), precision: UNKNOWN_PRECISION };

const marksOf = ({ says, proof, speaker, copies }: Entry, when: Moment): readonly Mark[] =>
  says.map((saying) => ({ says: saying, when, proof, speaker, copies }));

/** What a synthetic uid is made of: the first begin line without framing, its instant, the arguments line. */
function seedOf({ begins }: State, marks: readonly Mark[]): readonly string[] {
  const first = marks.find(({ says }) => says.kind !== 'seen');
  if (first === undefined) return [];
  const begin = marks.find(({ says }) => says.kind === 'process_began') ?? first;
  const text = begins[0] ?? `${begin.proof.rule} ${begin.proof.text}`;
  const arguments_ = begins.find((line) => line.includes('args'));
  return [text, formatInstant(begin.when.at), arguments_ ?? ''];
}

// A log file on its way from bytes to runs: lines, envelopes, streams.
//
// Lines are split at LF only and counted from 1. What surely says nothing is
// turned away on bytes (formats/gate.ts); only the rest becomes a string.

import type { Counter } from './base/tally.ts';
import { BORING_TIMED, type Gate, gateOf, PASS, type Verdict } from './formats/gate.ts';
import { formats } from './formats/index.ts';
import type { Framing } from './framings/contract.ts';
import { joinPartials } from './framings/join-partials.ts';
import { openLine } from './framings/open-line.ts';
import type { ClockSettings } from './framings/program-clock.ts';
import type { KubeRecord } from './kubernetes/index.ts';
import { type LogStream, logStream, type Remembered } from './log-stream.ts';
import type { Framed } from './model/line.ts';
import type { Identity, LogRun } from './model/log-run.ts';
import { outlivesReady } from './model/mark.ts';
import { type OwnLines, ownLines, type RejectedProblem } from './own-lines.ts';
import { type DocumentReader, documentFrom } from './read-document.ts';
import { type JournalReader, journalReader } from './read-journal.ts';
import type { TrustedPods, Writer } from './who-tells.ts';
import { type Witnesses, type WitnessLines, witnessLines } from './witness-lines.ts';

const LF = 10;
const CR = 13;
const ESC = 27;

/** A longer line is cut here, and counted: nothing that coldtrace reads is longer. */
const LINE_LIMIT = 1 << 20;

const rules = formats.flatMap((format) => format.rules);
const startGate = gateOf(rules);
/** Between "ready" and the next beginning. */
const lateGate = gateOf(rules.filter(({ marks }) => marks.some(outlivesReady)));

export interface LogStart {
  readonly source: string;
  /** Where the file lies, and what its path alone tells. */
  readonly where: string;
  readonly pathIdentity: Identity;
  readonly identity: Identity;
  /** Pods whose logs may tell of other pods. */
  readonly trusted: readonly TrustedPods[];
  readonly previous: boolean;
  /** No line is turned away unread. */
  readonly everyLine: boolean;
  readonly clock: ClockSettings;
  readonly counter: Counter;
}

export interface LogReader {
  /** The next bytes of the file; they may be overwritten after the call. */
  readonly push: (chunk: Buffer) => void;
  /** What the file told of; call once. */
  readonly end: () => LogTold;
}

/** The runs of containers, and what lines of other witnesses say of pods. */
export interface LogTold {
  readonly runs: readonly LogRun[];
  readonly records: readonly KubeRecord[];
  /** How many lines were read as an API server's, and which of them could not be. */
  readonly witnesses: Witnesses;
  /** Undefined when everything was believed. */
  readonly rejected: RejectedProblem | undefined;
}

interface State {
  readonly start: LogStart;
  readonly streams: Map<string, LogStream>;
  /** The stream of lines whose envelope names nobody. */
  readonly main: LogStream;
  /** Who is believed in this file. */
  readonly own: OwnLines;
  readonly witnesses: WitnessLines;
  readonly partials: ReturnType<typeof joinPartials>;
  readonly journal: JournalReader;
  /** `unasked`: no line that is not blank was read yet, so a document may still begin. */
  document: DocumentReader | undefined | 'unasked';
  /** The last line that the witnesses were asked for as it stood: what is in no envelope is not asked again. */
  asked: string;
  /** Bytes of a line that the last chunk did not finish. */
  carry: Buffer[];
  carried: number;
  line: number;
  framing: Framing | undefined;
  /** No line may be skipped: the main stream needs a time. */
  eager: boolean;
  gate: Gate;
  /** The last line that was turned away although it has a time: a neighbour may need it. */
  skipped: Skipped;
}

/** Where the line lies: only a neighbour without a time makes a string of it. */
interface Skipped {
  chunk: Buffer;
  from: number;
  to: number;
  line: number;
}

export function readLog(start: LogStart): LogReader {
  const streams = new Map<string, LogStream>();
  const own = ownLines(start);
  const state: State = {
    start,
    streams,
    main: logStream({ ...start, remembered: () => remembered(state) }),
    own,
    witnesses: witnessLines(start.source, start.counter, own),
    partials: joinPartials(),
    journal: journalReader({ ...start, own }),
    document: 'unasked',
    asked: '',
    carry: [],
    carried: 0,
    line: 0,
    framing: undefined,
    eager: true,
    gate: startGate,
    skipped: { chunk: Buffer.alloc(0), from: 0, to: 0, line: 0 },
  };
  streams.set(MAIN, state.main);
  return { push: (chunk) => push(state, chunk), end: () => end(state) };
}

function push(state: State, chunk: Buffer): void {
  const before = state.line;
  const first = chunk.indexOf(LF);
  if (first < 0) {
    carryOn(state, chunk);
    return;
  }
  let from = 0;
  if (state.carried > 0) {
    carryOn(state, chunk.subarray(0, first));
    takeCarried(state);
    from = first + 1;
  }
  from = takeLines(state, chunk, from);
  if (from < chunk.length) carryOn(state, chunk.subarray(from));
  state.start.counter.count('lines.read', state.line - before);
}

/**
 * The hot loop: every whole line of the chunk. Returns where the unfinished rest
 * begins. A line that is turned away becomes no object: 2 million of them take 0.3 s.
 */
function takeLines(state: State, chunk: Buffer, start: number): number {
  const odd: Odd = { cr: nextOrEnd(chunk, CR, start), esc: nextOrEnd(chunk, ESC, start) };
  let from = start;
  for (let to = chunk.indexOf(LF, from); to >= 0; to = chunk.indexOf(LF, from)) {
    state.line += 1;
    const reads = state.eager || !isPlain(odd, chunk, from, to);
    const verdict = reads ? PASS : verdictOn(state, chunk, from, to);
    if (verdict === PASS) takeLine(state, chunk.subarray(from, to));
    else if (verdict === BORING_TIMED) skip(state, chunk, from, to);
    from = to + 1;
  }
  if (state.skipped.chunk === chunk) copySkipped(state.skipped);
  return from;
}

/** Where the next carriage return and the next escape character stand. */
interface Odd {
  cr: number;
  esc: number;
}

/** A carriage return or an escape sequence may hide another record; CRLF hides none. */
function isPlain(odd: Odd, chunk: Buffer, from: number, to: number): boolean {
  if (odd.cr < from) odd.cr = nextOrEnd(chunk, CR, from);
  if (odd.esc < from) odd.esc = nextOrEnd(chunk, ESC, from);
  return odd.esc > to && odd.cr >= to - 1;
}

function skip({ skipped, line }: State, chunk: Buffer, from: number, to: number): void {
  skipped.chunk = chunk;
  skipped.from = from;
  skipped.to = to;
  skipped.line = line;
}

/** The chunk's memory is used again: what may be needed later is copied once per chunk. */
function copySkipped(skipped: Skipped): void {
  skipped.chunk = Buffer.from(skipped.chunk.subarray(skipped.from, skipped.to));
  skipped.to -= skipped.from;
  skipped.from = 0;
}

function nextOrEnd(chunk: Buffer, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from);
  return at < 0 ? chunk.length + 1 : at;
}

/** In an envelope every line has a time. */
function verdictOn({ framing, gate }: State, chunk: Buffer, from: number, to: number): Verdict {
  if (framing === undefined) return gate(chunk, from, to);
  const start = framing.textStart?.(chunk, from, to) ?? -1;
  if (start < 0) return PASS;
  return gate(chunk, start, to) === PASS ? PASS : BORING_TIMED;
}

function carryOn(state: State, rest: Buffer): void {
  const room = LINE_LIMIT - state.carried;
  if (rest.length > room && room >= 0) state.start.counter.count('lines.too_long');
  if (room > 0) state.carry.push(Buffer.from(rest.subarray(0, room)));
  state.carried += rest.length;
}

function takeCarried(state: State): void {
  const line = Buffer.concat(state.carry);
  state.carry = [];
  state.carried = 0;
  state.line += 1;
  takeLine(state, line);
}

function takeLine(state: State, bytes: Buffer): void {
  const raw = textOf(state, bytes);
  if (state.document !== undefined && takeEntry(state, raw)) return;
  // A line without an envelope is asked first: every framing for JSON would parse it in vain.
  state.asked = raw;
  const writers = (): readonly Writer[] => state.own.writersOf();
  if (state.witnesses.take({ text: raw, line: state.line, stream: MAIN, writers })) return;
  const { framing, framed } = openLine(raw, state.framing);
  state.framing = framing;
  for (const one of framed) takeFramed(state, one);
  state.eager = state.start.everyLine || !state.main.hasTime() || state.main.wantsTime();
  state.gate = state.main.isReady() ? lateGate : startGate;
}

/** True when the line was one of a pretty-printed document. */
function takeEntry(state: State, raw: string): boolean {
  if (state.document === 'unasked') {
    if (raw.trim() === '') return false;
    state.document = documentFrom(raw);
  }
  const entries = state.document?.take(raw, state.line);
  if (entries === undefined) state.document = undefined;
  for (const { framed, line } of entries ?? []) handOver(state, framed, line);
  return entries !== undefined;
}

/** Copytruncate leaves NUL bytes in front of the first line after a rotation. */
function textOf(state: State, bytes: Buffer): string {
  const limited = bytes.length > LINE_LIMIT ? bytes.subarray(0, LINE_LIMIT) : bytes;
  if (limited.length < bytes.length) state.start.counter.count('lines.too_long');
  let start = 0;
  while (limited[start] === 0) start += 1;
  return limited.toString('utf8', start);
}

function takeFramed(state: State, framed: Framed): void {
  for (const whole of state.partials.add(framed, state.line)) handOver(state, whole.framed, whole.line);
}

/** What an API server, an archive or a node's own program wrote down is no container's log. */
function handOver(state: State, told: Framed, line: number): void {
  const framed = state.own.own(told);
  if (framed === undefined) return;
  const { text, stamp, identity } = framed;
  const where = { ...(stamp && { stamp }), ...(identity?.node && { node: identity.node }) };
  const writers = (): readonly Writer[] => state.own.writersOf(framed);
  const isAsked = text === state.asked;
  if (!isAsked && state.witnesses.take({ text, line, stream: keyOf(framed), writers, ...where })) return;
  if (!state.journal.take(framed, line)) streamOf(state, framed).read(framed, line);
}

/** The stream of lines whose envelope names nobody. */
const MAIN = '';

const keyOf = ({ identity }: Framed): string =>
  identity === undefined
    ? MAIN
    : [identity.uid, identity.namespace, identity.pod, identity.container].join('\0');

function streamOf(state: State, framed: Framed): LogStream {
  const { identity } = framed;
  if (identity === undefined) return state.main;
  const key = keyOf(framed);
  const known = state.streams.get(key);
  if (known !== undefined) return known;
  const { start } = state;
  const merged: Identity = { ...start.identity, ...identity };
  const opened = logStream({
    ...start,
    identity: merged,
    source: sourceName(merged, start.source),
    remembered: () => undefined,
  });
  state.streams.set(key, opened);
  return opened;
}

/** Logical: whose log it is, as far as the envelope tells, else the file's own name. */
function sourceName({ pod, container, restart }: Identity, file: string): string {
  if (pod === undefined) return file;
  return [pod, container, restart === undefined ? undefined : String(restart)]
    .filter((part) => part !== undefined)
    .join('/');
}

function remembered({ skipped, framing }: State): Remembered | undefined {
  if (skipped.line === 0) return undefined;
  const { framed } = openLine(skipped.chunk.toString('utf8', skipped.from, skipped.to), framing);
  const first = framed[0];
  return first === undefined ? undefined : { framed: first, line: skipped.line };
}

function end(state: State): LogTold {
  if (state.carried > 0) {
    takeCarried(state);
    state.start.counter.count('lines.read');
  }
  for (const whole of state.partials.flush()) handOver(state, whole.framed, whole.line);
  const runs = new Map([...state.streams].map(([key, stream]) => [key, stream.end()]));
  const witnesses = state.witnesses.end((key) => isEngine(runs.get(key)));
  const main = runs.get(MAIN);
  const journal = state.journal.end(main !== undefined && saysAnything(main));
  const records = [...witnesses.records, ...journal];
  return { runs: [...runs.values()], records, witnesses, rejected: state.own.problem() };
}

/** Something that coldtrace analyses or names began in it. */
const isEngine = (run: LogRun | undefined): boolean =>
  run?.marks.some(({ says }) => says.kind === 'process_began' || says.kind === 'ready') === true ||
  run?.otherEngine !== undefined;

/** More than that somebody was alive. */
export const saysAnything = ({ marks, unknown }: LogRun): boolean =>
  unknown.length > 0 || marks.some(({ says }) => says.kind !== 'seen');

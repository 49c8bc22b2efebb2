// The lines of a node's journal in a file: the kubelet's and the container runtime's, on their way to records.
//
// They tell of other pods' lives, so whose words they are matters: a line that
// came out of a container is never one of them, whatever it looks like.

import { civilToInstant, parseZone, type Zone } from './base/civil.ts';
import { type Instant, NANOSECOND } from './base/instant.ts';
import type { Counter } from './base/tally.ts';
import { namesPod } from './framings/identities.ts';
import { type ClockSettings, momentsOf, type Timed } from './framings/program-clock.ts';
import { keptText } from './heard.ts';
import {
  claimOf,
  isPlausible,
  type JournalLine,
  type JournalRecord,
  opensJournalLine,
  parseJournalLine,
  type Told,
} from './kubernetes/index.ts';
import type { Framed } from './model/line.ts';
import type { Moment } from './model/mark.ts';
import type { OwnLines } from './own-lines.ts';
import type { Writer } from './who-tells.ts';

export interface JournalStart {
  /** Logical name of the file. */
  readonly source: string;
  /** Where it lies: a bare file is a node of its own. */
  readonly where: string;
  /** Who is believed in it. */
  readonly own: OwnLines;
  readonly clock: ClockSettings;
  readonly counter: Counter;
}

export interface JournalReader {
  /** True when the line is the journal's: then no log stream is to have it. */
  readonly take: (framed: Framed, line: number) => boolean;
  /** Call once, at the end. `inLog`: bare lines stood in the log of a program that starts, where anybody can print them. */
  readonly end: (inLog: boolean) => readonly JournalRecord[];
}

interface Entry {
  readonly timed: Timed;
  readonly told: readonly Told[];
  readonly rule: string;
  readonly line: number;
  readonly text: string;
  readonly node: string | undefined;
  /** No envelope says which program it is from. */
  readonly bare: boolean;
}

interface State {
  readonly start: JournalStart;
  /** By line and rule; of what repeats itself for hours only what is told of it. */
  readonly entries: Map<string, Entry>;
  /** A line with a full date gives the year to those without. */
  anchor: Timed | undefined;
  /** Offsets of the node's own clock that lines print: Go programs of one machine share it. */
  readonly zones: Set<string>;
  hasClaimed: boolean;
}

export function journalReader(start: JournalStart): JournalReader {
  const state: State = { start, entries: new Map(), anchor: undefined, zones: new Set(), hasClaimed: false };
  return {
    take: (framed, line) => (isOfCrio(framed) ? notRead(state) : take(state, framed, line)),
    end: (inLog) => recordsOf(state, inLog),
  };
}

/** Its lines have the form of containerd's, and other words: no rule was written for them, and none is guessed. */
const CRIO = /^(?:crio|cri-o)$/;

const isOfCrio = ({ ofNode, identity }: Framed): boolean =>
  ofNode === true && CRIO.test(identity?.container ?? '');

function take(state: State, framed: Framed, line: number): boolean {
  const parsed = opensJournalLine(framed.text) ? parseJournalLine(framed.text) : undefined;
  if (parsed === undefined && framed.ofNode !== true) return false;
  const writers = state.start.own.writersOf(framed);
  if (!isBelieved(state, framed, writers)) return parsed !== undefined && rejects(state, parsed, writers);
  if (parsed !== undefined && claim(state, parsed, { framed, line })) return true;
  return framed.ofNode === true || (parsed !== undefined && state.hasClaimed);
}

/** What came out of stdout or stderr was printed by a container, even one that nobody names. */
function isBelieved({ start: { own } }: State, { stream }: Framed, writers: readonly Writer[]): boolean {
  if (stream !== '' && !writers.some(({ identity }) => namesPod(identity))) return false;
  return own.believes('journal', writers);
}

function rejects({ start: { own } }: State, parsed: JournalLine, writers: readonly Writer[]): boolean {
  if (claimOf(parsed) === undefined) return false;
  own.reject('journal', { writers });
  return true;
}

/** Neither the journal's news nor anybody's log. */
function notRead({ start }: State): true {
  start.counter.count('journal.lines_of_crio_not_read');
  return true;
}

interface Where {
  readonly framed: Framed;
  readonly line: number;
}

function claim(state: State, parsed: JournalLine, where: Where): boolean {
  const timed = timedOf(parsed, where.framed);
  if (timed.stamp !== undefined) state.anchor ??= timed;
  const found = claimOf(parsed);
  if (found === undefined) return false;
  state.hasClaimed = true;
  for (const zone of [parsed.zone, ...found.told.map((told) => told.zone)])
    if (zone !== undefined)
      state.zones.add(zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').replace('Z', '+00:00'));
  state.start.counter.count('journal.lines');
  if (found.told.length === 0) state.start.counter.count('journal.lines_without_news');
  else keep(state, entryOf({ ...where, timed, told: found.told, rule: found.rule.id }));
  return true;
}

/** The runtime's own time is finer than the envelope's, which is of the receipt; klog's has no year and no zone. */
function timedOf({ stamp, clock }: JournalLine, framed: Framed): Timed {
  return { stamp: stamp ?? framed.stamp, clock };
}

function entryOf(found: Where & Pick<Entry, 'timed' | 'told' | 'rule'>): Entry {
  const { framed, line, timed, told, rule } = found;
  const { identity, text } = framed;
  const bare = identity?.container === undefined;
  return { timed, told, rule, line, text: keptText(text), node: identity?.node, bare };
}

/**
 * A failing probe prints a line every few seconds for as long as the start
 * takes; an image that is not there, too. Of the first kind the earliest and the
 * latest are told, of facts without a time one: memory follows what was said.
 */
function keep({ entries }: State, entry: Entry): void {
  const says = entry.told[0]?.says;
  const key = `${entry.rule} ${entry.node} ${entry.bare} ${JSON.stringify(says)}`;
  if (says?.kind === 'wants' || says?.kind === 'named') {
    if (!entries.has(key)) entries.set(key, entry);
  } else if (says?.kind === 'probe_failed') {
    keepOutermost(entries, key, entry);
  } else {
    entries.set(`${entry.line} ${entries.size}`, entry);
  }
}

/** By time, not by line: the order in a file is nobody's promise. */
function keepOutermost(entries: Map<string, Entry>, key: string, entry: Entry): void {
  const [first, last] = [`first ${key}`, `last ${key}`];
  const at = roughly(entry.timed);
  const earliest = entries.get(first);
  const latest = entries.get(last);
  if (earliest === undefined || at < roughly(earliest.timed)) entries.set(first, entry);
  if (latest === undefined || at >= roughly(latest.timed)) entries.set(last, entry);
}

/** Good enough to compare lines of one program. */
function roughly({ stamp, clock }: Timed): Instant | bigint {
  return stamp?.at ?? (clock === undefined ? 0n : civilToInstant({ ...clock, year: clock.year ?? 2000 }));
}

function recordsOf(state: State, inLog: boolean): readonly JournalRecord[] {
  const { counter } = state.start;
  const all = [...new Set(state.entries.values())].sort((a, b) => a.line - b.line);
  const entries = all.filter(({ bare }) => !(bare && inLog));
  const inALog = all.length - entries.length;
  if (inALog > 0) {
    counter.count('journal.lines_in_a_log', inALog);
    state.start.own.reject('journal', { count: inALog });
  }
  const moments = momentsIn(state, entries);
  const records = entries.flatMap((entry, index) => toRecords(state.start, entry, moments[index]));
  const impossible = records.filter(({ when }) => !isPlausible(when.at)).length;
  if (impossible > 0) counter.count('journal.facts_of_impossible_times', impossible);
  const untimed = entries.filter((_, index) => moments[index] === undefined).length;
  if (untimed > 0) counter.count('journal.lines_untimed', untimed);
  return records.filter(({ when }) => isPlausible(when.at));
}

/** The program's own clock, with the year and the zone of the envelope, of another line, or of the settings. */
function momentsIn(state: State, entries: readonly Entry[]): readonly (Moment | undefined)[] {
  const { start, anchor } = state;
  const lines = entries.map(({ timed }) => timed);
  const clock = { ...start.clock, zone: start.clock.zone ?? ownZone(state), prefersProgram: true };
  return anchor === undefined ? momentsOf(lines, clock) : momentsOf([anchor, ...lines], clock).slice(1);
}

/** Undefined when no line tells, or when they disagree: a change of the clocks, or two nodes in one file. */
function ownZone({ zones, start }: State): Zone | undefined {
  const [zone, ...others] = zones;
  if (others.length > 0) start.counter.count('journal.zones_disagree');
  const parsed = zone === undefined || others.length > 0 ? undefined : parseZone(zone);
  return parsed?.ok === true ? parsed.value : undefined;
}

function toRecords(
  { source, where }: JournalStart,
  { told, rule, line, text, node }: Entry,
  moment: Moment | undefined,
): readonly JournalRecord[] {
  return told.flatMap(({ says, at }) => {
    const when = at === undefined ? moment : { at, precision: NANOSECOND };
    const proof = { source, line, text, rule };
    return when === undefined ? [] : [{ kind: 'journal', node, file: where, says, when, proof } as const];
  });
}

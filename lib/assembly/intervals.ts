// Marks of one phase, from several processes, become intervals.
//
// Ranks say the same thing at nearly the same time: strictly overlapping
// intervals merge and remember who was slowest. Disjoint or merely touching
// ones stay occurrences of their own, for phases that may occur more than once.

import { type Duration, duration, type Instant, latest, toSeconds } from '../base/instant.ts';
import { byText } from '../base/text.ts';
import type { FactValue, Mark, Speaker } from '../model/mark.ts';
import type { PhaseName } from '../model/phase.ts';
import type { Ranks } from '../model/startup.ts';
import { type Edge, earlier, edgeBefore, edgeOf, laterWithBoth } from './edge.ts';

/** An interval whose ends may still be unknown. */
export interface Interval {
  readonly start: Edge | undefined;
  readonly end: Edge | undefined;
  /** Printed by the program, in seconds. */
  readonly reported: number | undefined;
  readonly ranks: Ranks | undefined;
  readonly attributes: Readonly<Record<string, FactValue>>;
}

/** Phases that one process may go through more than once. Of the others all marks make one interval. */
export const REPEATING: ReadonlySet<PhaseName> = new Set<PhaseName>([
  'torch_compile',
  'dynamo_transform',
  'inductor_compile',
  'compile_cache_load',
  'kernel_warmup',
  'cuda_graph_capture',
  'weights_download',
  'draft_model_loading',
]);

/** Phases that go on when progress follows what looked like their end: another object, another node. */
const RESUMING: ReadonlySet<PhaseName> = new Set<PhaseName>(['s5cmd_download', 'ray_cluster_init']);

/** What one process said of one occurrence of the phase. */
interface Part {
  readonly who: string;
  readonly copies: number;
  start: Edge | undefined;
  end: Edge | undefined;
  /** Printed seconds that measure the whole phase, and ones that measure a part of it. */
  whole: number | undefined;
  piece: number | undefined;
}

export function intervalsOf(phase: PhaseName, marks: readonly Mark[]): readonly Interval[] {
  const own = marks.filter(({ says }) => 'phase' in says && says.phase === phase);
  if (own.length === 0) return [];
  const facts = attributesOf(own);
  const bordered = [...bySpeaker(own)].flatMap(([who, said]) => partsOf(who, said));
  const parts = bordered.length > 0 ? bordered : glimpsed(own);
  if (parts.length === 0) return [];
  const groups = REPEATING.has(phase) ? overlapping(parts) : [parts];
  return groups.map((group) => merged(group, facts));
}

/** Only progress was seen, no border: it was under way from then on. */
function glimpsed(marks: readonly Mark[]): readonly Part[] {
  const first = marks.find(({ says }) => says.kind === 'during');
  if (first === undefined) return [];
  const start = { ...edgeOf(first), derived: true };
  return [{ who: first.speaker.name, copies: 1, start, end: undefined, whole: undefined, piece: undefined }];
}

function bySpeaker(marks: readonly Mark[]): ReadonlyMap<string, readonly Mark[]> {
  const found = new Map<string, Mark[]>();
  for (const mark of marks) {
    const who = speakerKey(mark.speaker);
    const list = found.get(who);
    if (list === undefined) found.set(who, [mark]);
    else list.push(mark);
  }
  return found;
}

/** Prefixes are renamed while a process starts: the pid stays. */
export const speakerKey = ({ name, pid, ip }: Speaker): string =>
  pid === undefined ? name : `${ip ?? ''}#${pid}`;

function partsOf(who: string, marks: readonly Mark[]): readonly Part[] {
  const parts: Part[] = [];
  for (const mark of marks) takeMark(parts, who, mark);
  for (const part of parts) nameIt(part, marks);
  return parts;
}

/** The best name that this process had: `Worker_TP3` rather than `Worker`. */
function nameIt(part: Part, marks: readonly Mark[]): void {
  const names = marks.map(({ speaker }) => speaker.name).sort((a, b) => b.length - a.length || byText(a, b));
  Object.assign(part, { who: names[0] === undefined || names[0] === '' ? part.who : names[0] });
}

function takeMark(parts: Part[], who: string, mark: Mark): void {
  const { says } = mark;
  const last = parts.at(-1);
  switch (says.kind) {
    case 'began':
      begin(parts, who, mark);
      break;
    case 'ended':
      finish(last ?? newPart(parts, who, mark), mark);
      break;
    case 'lasted':
      lasted(parts, who, mark);
      break;
    case 'during':
      if (RESUMING.has(says.phase) && last !== undefined) last.end = undefined;
      break;
    default: // Nothing else is about where a phase is in time.
  }
}

function newPart(parts: Part[], who: string, mark: Mark): Part {
  const part: Part = {
    who,
    copies: mark.copies,
    start: undefined,
    end: undefined,
    whole: undefined,
    piece: undefined,
  };
  parts.push(part);
  return part;
}

function begin(parts: Part[], who: string, mark: Mark): void {
  const last = parts.at(-1);
  if (last === undefined || last.end !== undefined) newPart(parts, who, mark).start = edgeOf(mark);
}

function finish(part: Part, mark: Mark): void {
  part.end = part.end === undefined ? edgeOf(mark) : laterWithBoth(part.end, edgeOf(mark));
}

function lasted(parts: Part[], who: string, mark: Mark): void {
  const { says } = mark;
  if (says.kind !== 'lasted') return;
  const starts = edgeBefore(mark, says.took);
  const last = parts.at(-1);
  const part = last !== undefined && goesOn(last, starts, says.whole) ? last : newPart(parts, who, mark);
  finish(part, mark);
  const seconds = toSeconds(says.took);
  if (!says.whole) part.piece = Math.max(part.piece ?? 0, seconds);
  else Object.assign(part, { start: part.start ?? starts, whole: Math.max(part.whole ?? 0, seconds) });
}

/** A duration is about the part before it when that is still open, or reaches into the time it measures. */
const goesOn = ({ end }: Part, starts: Edge, whole: boolean): boolean =>
  end === undefined || !whole || starts.when.at < end.when.at;

/** Groups of parts that strictly overlap; a part without one of its ends overlaps nothing but its like. */
function overlapping(parts: readonly Part[]): readonly (readonly Part[])[] {
  const groups: Part[][] = [];
  let until: Instant | undefined;
  for (const part of [...parts].sort(byStart)) {
    const joins = until !== undefined && startsBefore(part, until);
    if (joins) groups.at(-1)?.push(part);
    else groups.push([part]);
    until = latestEnd(joins ? until : undefined, part) ?? until;
  }
  return groups;
}

function startsBefore({ start, end }: Part, until: Instant): boolean {
  const first = start ?? end;
  return first !== undefined && first.when.at < until;
}

function latestEnd(until: Instant | undefined, { end }: Part): Instant | undefined {
  if (end === undefined) return until;
  return until === undefined ? end.when.at : latest(until, end.when.at);
}

function byStart(a: Part, b: Part): number {
  const first = (a.start ?? a.end)?.when.at ?? 0n;
  const second = (b.start ?? b.end)?.when.at ?? 0n;
  return first < second ? -1 : first > second ? 1 : byText(a.who, b.who);
}

function merged(parts: readonly Part[], attributes: Interval['attributes']): Interval {
  const starts = parts.flatMap(({ start }) => start ?? []);
  const ends = parts.flatMap(({ end }) => end ?? []);
  const reported = parts.map(({ whole }) => whole).filter((value) => value !== undefined);
  const pieces = parts.map(({ piece }) => piece).filter((value) => value !== undefined);
  return {
    start: starts.length === 0 ? undefined : starts.reduce(preferSeen),
    end: ends.length === 0 ? undefined : ends.reduce(laterWithBoth),
    reported: largest(reported) ?? largest(pieces),
    ranks: ranksOf(parts),
    attributes,
  };
}

const largest = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : Math.max(...values);

/** An observed beginning beats a computed one; of two alike the earlier holds. */
function preferSeen(a: Edge, b: Edge): Edge {
  if (a.derived !== b.derived) return a.derived ? b : a;
  return earlier(a, b);
}

function ranksOf(parts: readonly Part[]): Ranks | undefined {
  const timed = parts.filter(({ whole, end }) => whole !== undefined && end !== undefined);
  const count = timed.reduce((sum, { copies }) => sum + copies, 0);
  if (count < 2 || new Set(timed.map(({ who }) => who)).size < 1) return undefined;
  const bySeconds = [...timed].sort((a, b) => (b.whole ?? 0) - (a.whole ?? 0) || byText(a.who, b.who));
  const slowest = bySeconds[0];
  const fastest = bySeconds.at(-1);
  const spread: Duration = duration(
    BigInt(Math.round(((slowest?.whole ?? 0) - (fastest?.whole ?? 0)) * 1e9)),
  );
  return { count, slowest: slowest?.who ?? '', spread };
}

function attributesOf(marks: readonly Mark[]): Interval['attributes'] {
  const found: Record<string, FactValue> = {};
  for (const { says } of marks) if (says.kind === 'fact') found[says.name] ??= says.value;
  return found;
}

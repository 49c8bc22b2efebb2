// vLLM's own spans beside what the log alone says: how far apart, and what that means.

import {
  between,
  type Duration,
  duration,
  formatInstant,
  latest,
  SECOND,
  toSeconds,
} from '../base/instant.ts';
import type { Border, NativeSpan, SpanWitness } from '../model/native-span.ts';
import type { PhaseName } from '../model/phase.ts';
import type { Conflict, NativeRow } from '../model/startup.ts';
import type { Draft } from './draft.ts';
import type { Edge } from './edge.ts';
import { borderOfMany, endEdge, startEdge } from './native-edges.ts';
import { judge, type Verdict } from './native-overlay.ts';

export interface Compared {
  readonly rows: readonly NativeRow[];
  readonly conflicts: readonly Conflict[];
}

/** `logged`: the phases as the log alone tells them. `spans` in the order of time. */
export function comparedSpans(spans: readonly NativeSpan[], logged: readonly Draft[]): Compared {
  const better = new Set(
    spans
      .flatMap(({ witnesses }) => witnesses.filter(({ standsIn }) => standsIn !== true))
      .map(({ phase }) => phase),
  );
  const alike = Map.groupBy(spans, ({ name, boot, depth }) => [name, boot, depth].join('\0'));
  const compared = [...alike.values()].flatMap(occurrencesOf).map((one) => compareOne(one, logged, better));
  const rows = compared.map(({ row }) => row);
  return {
    rows: rows.sort((a, b) => (a.start.at < b.start.at ? -1 : a.start.at > b.start.at ? 1 : 0)),
    conflicts: compared.flatMap(({ conflicts }) => conflicts),
  };
}

/** Spans of one name that belong together: ranks, or pieces. */
interface Occurrence {
  readonly spans: readonly NativeSpan[];
  readonly first: NativeSpan;
  readonly last: NativeSpan;
  /** Of ranks from the first beginning to the last end, of pieces their sum. */
  readonly length: Duration;
}

/** More of one name that do not overlap than this are pieces of one thing. */
const APART = 3;

function occurrencesOf(spans: readonly NativeSpan[]): readonly Occurrence[] {
  const groups: Occurrence[] = [];
  for (const span of spans) {
    const group = groups.at(-1);
    if (group !== undefined && span.start < group.last.end) groups[groups.length - 1] = withRank(group, span);
    else groups.push({ spans: [span], first: span, last: span, length: between(span.start, span.end) });
  }
  return groups.length > APART ? [together(groups)] : groups;
}

function withRank({ spans, first, last }: Occurrence, span: NativeSpan): Occurrence {
  const length = between(first.start, latest(last.end, span.end));
  return { spans: [...spans, span], first, last: span.end > last.end ? span : last, length };
}

const together = (groups: readonly Occurrence[]): Occurrence =>
  groups.reduce((all, { spans, last, length }) => ({
    spans: [...all.spans, ...spans],
    first: all.first,
    last,
    length: duration(all.length + length),
  }));

interface ComparedOne {
  readonly row: NativeRow;
  readonly conflicts: readonly Conflict[];
}

function compareOne(one: Occurrence, logged: readonly Draft[], better: ReadonlySet<PhaseName>): ComparedOne {
  const { spans, first, last, length } = one;
  const [start, end] = [startEdge(first), endEdge(last)];
  const failed = spans.some(({ failure }) => failure !== undefined);
  const row = { name: last.name, count: spans.length, start: start.when, end: end.when, length, failed };
  const witness = last.witnesses.find(({ refines }) => refines !== true);
  if (witness === undefined) return { row, conflicts: [] };
  const native = { start, end: failed ? undefined : end };
  const { phase } = witness;
  const said = nearestTo(
    native,
    logged.filter(({ name }) => name === phase),
  );
  const told = { ...row, phase };
  if (said === undefined) return { row: told, conflicts: [] };
  const isMany = new Set(spans.map(({ process }) => `${process.name}\0${process.pid}`)).size > 1;
  const sides = sidesOf({ witness: isMany ? ofMany(witness) : witness, said, native });
  const compared = { ...told, said: saidOf(said), ...apartOf(sides) };
  if (witness.standsIn === true && better.has(phase)) return { row: compared, conflicts: [] };
  return { row: { ...compared, ...noteOf(sides) }, conflicts: conflictsIn(phase, sides) };
}

const ofMany = (witness: SpanWitness): SpanWitness => ({
  ...witness,
  start: borderOfMany(witness.start, 'start'),
  end: borderOfMany(witness.end, 'end'),
});

interface Ends {
  readonly start: Edge;
  readonly end: Edge | undefined;
}

function nearestTo(native: Ends, drafts: readonly Draft[]): Draft | undefined {
  const apart = ({ start, end }: Draft): number => {
    const bothEnd = end !== undefined && native.end !== undefined;
    return Math.abs(secondsApart(bothEnd ? end : start, bothEnd ? native.end : native.start));
  };
  return [...drafts].sort((a, b) => apart(a) - apart(b))[0];
}

const secondsApart = (log: Edge, native: Edge): number => toSeconds(between(log.when.at, native.when.at));

/** One end of a phase, told by both. */
interface Side {
  readonly what: 'began' | 'ended';
  readonly border: Border;
  readonly log: Edge;
  readonly span: Edge;
  readonly verdict: Verdict;
}

function sidesOf({
  witness,
  said,
  native,
}: {
  readonly witness: SpanWitness;
  readonly said: Draft;
  readonly native: Ends;
}): readonly Side[] {
  const ends = [
    { what: 'began', border: witness.start, log: said.start, span: native.start },
    { what: 'ended', border: witness.end, log: said.end, span: native.end },
  ] as const;
  return ends.flatMap(({ what, border, log, span }) =>
    log === undefined || span === undefined
      ? []
      : [{ what, border, log, span, verdict: judge(border, log, span) }],
  );
}

function saidOf({ start, end }: Draft): NonNullable<NativeRow['said']> {
  if (end === undefined) return { start: start.when, certainty: 'open' };
  return {
    start: start.when,
    end: end.when,
    certainty: start.derived || end.derived ? 'derived' : 'observed',
  };
}

/** Where a span only began inside the phase, the distance says nothing. */
function apartOf(sides: readonly Side[]): Pick<NativeRow, 'startApart' | 'endApart'> {
  const told = sides.filter(({ border }) => border !== 'part');
  const pairs = told.map(({ what, log, span }) => [
    what === 'began' ? 'startApart' : 'endApart',
    between(log.when.at, span.when.at),
  ]);
  return Object.fromEntries(pairs);
}

function noteOf(sides: readonly Side[]): Pick<NativeRow, 'note'> {
  const beyond = sides.filter(({ verdict }) => verdict === 'beyond');
  if (beyond.length === 0) return {};
  return { note: `${beyond.map(beyondText).join(', ')}: the span is told` };
}

function beyondText({ what, log, span }: Side): string {
  const by = Math.abs(secondsApart(log, span)).toFixed(1);
  if (what === 'began') return `began ${by} s before the log's first line about its phase`;
  const width = log.when.precision >= SECOND ? 'up to ' : '';
  return `ended ${width}${by} s after the log's last line about its phase`;
}

const conflictsIn = (phase: PhaseName, sides: readonly Side[]): readonly Conflict[] =>
  sides.filter(({ verdict }) => verdict === 'conflict').map((side) => conflictOf(phase, side));

function conflictOf(phase: PhaseName, { what, log, span }: Side): Conflict {
  const [line, proof] = [log.proofs[0], span.proofs[0]];
  const by = Math.abs(secondsApart(log, span)).toFixed(1);
  const place =
    line === undefined ? 'the log' : [line.source, line.line].filter((part) => part !== undefined).join(':');
  const says = `${phase} ${what} ${formatInstant(log.when.at)} by ${place} and ${formatInstant(span.when.at)} by vLLM's own span "${proof?.span?.name ?? ''}": ${by} s apart; the log's is told`;
  return { what: 'spans', says };
}

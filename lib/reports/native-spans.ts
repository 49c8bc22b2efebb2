// vLLM's own spans beside what the log alone says, as a table.

import { type Duration, duration } from '../base/instant.ts';
import type { Moment } from '../model/mark.ts';
import type { NativeRow, Startup } from '../model/startup.ts';
import { cell, clip, columnsOf, padEnd, padStart, wrap } from './columns.ts';
import type { Telling } from './contract.ts';
import { painter } from './look.ts';
import { isClockless, lengthText, spanText } from './words.ts';

const HEAD = ["vLLM's own span", 'length', 'phase', 'by the log', 'start', 'end'] as const;

/** Numbers stand at the right. */
const RIGHT: ReadonlySet<number> = new Set([1, 3, 4, 5]);

/** Nothing where vLLM recorded nothing. */
export function nativeLines(startup: Startup, { width, color }: Telling): readonly string[] {
  const { nativeSpans: rows } = startup;
  if (rows === undefined || isClockless(startup)) return [];
  const paint = painter(color);
  const cells = [[...HEAD], ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => columnsOf(row[column] ?? ''))));
  const lines = cells.map((row) => clip(`  ${lineOf(row, widths)}`, width));
  const notes = rows.flatMap(({ name, note }) => (note === undefined ? [] : [`"${cell(name)}" ${note}`]));
  return [
    '',
    ...lines.map((line, index) => (index === 0 ? paint('bold', line) : line)),
    ...wrap(LEGEND, { width, first: '  ', rest: '  ' }).map((line) => paint('dim', line)),
    ...notes.flatMap((note) => wrap(note, { width, first: '  ', rest: '    ' })),
  ];
}

const LEGEND =
  'start, end: span less log; "=" agrees within what is known of the line. "by the log": before the spans were asked.';

const lineOf = (row: readonly string[], widths: readonly number[]): string =>
  widths
    .map((columns, index) => (RIGHT.has(index) ? padStart : padEnd)(row[index] ?? '', columns))
    .join('  ')
    .trimEnd();

function cellsOf({ name, count, length, failed, phase, said, startApart, endApart }: NativeRow): string[] {
  return [
    `${cell(name)}${count > 1 ? ` ×${count}` : ''}`,
    `${lengthText(length)}${failed ? ' failed' : ''}`,
    phase ?? '',
    phase === undefined ? '' : saidText(said),
    apartText(startApart, said?.start),
    apartText(endApart, said?.end),
  ];
}

function saidText(said: NativeRow['said']): string {
  if (said === undefined) return 'nothing';
  const { start, end, certainty } = said;
  return end === undefined ? 'never ended' : spanText({ start, end }, certainty);
}

/** `=` within the precision of the line, else signed. */
function apartText(apart: Duration | undefined, line: Moment | undefined): string {
  if (apart === undefined || line === undefined) return '';
  const size = apart < 0n ? duration(-apart) : apart;
  const isWithin = apart >= 0n && apart < line.precision;
  return isWithin ? '=' : `${apart < 0n ? '-' : '+'}${lengthText(size)}`;
}

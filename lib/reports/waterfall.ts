// One startup as a waterfall: a row per phase and per gap worth seeing, each with its bar.

import { type Duration, duration, seconds } from '../base/instant.ts';
import type { Phase, Startup } from '../model/startup.ts';
import { barCell, roomBeside } from './bar.ts';
import { cell, clip, columnsOf, padEnd, padStart, wrap } from './columns.ts';
import type { Telling } from './contract.ts';
import { type Paint, painter } from './look.ts';
import { phaseNotes } from './notes.ts';
import { type GapRow, isPhaseRow, type Row, rowsOf } from './tree.ts';
import { isClockless, isLengthKnown, lengthText, plural, spanText } from './words.ts';

/** A gap is a row of its own from here on, or from one percent of the start. */
const VISIBLE_GAP = seconds(0.5);

const LEAST_BAR = 12;
const LEAST_NAME = 16;
/** Blanks between the four columns, and in front. */
const SPACES = 6;

interface Scale {
  readonly from: bigint;
  readonly total: bigint;
  /** The same as it is told. */
  readonly totalText: string;
  /** Widths of the first three columns. */
  readonly name: number;
  readonly start: number;
  readonly length: number;
  /** Width of the last column: the bar, or only notes when the log has no clock. */
  readonly bar: number;
  readonly clockless: boolean;
  readonly paint: Paint;
}

/** Header, rows, and one line for the gaps too small to be rows. No line is wider than `width`. */
export function waterfall(startup: Startup, { width, color }: Telling): readonly string[] {
  const rows = rowsOf(startup);
  if (rows.length === 0) return ['  no phase was seen'];
  const total = startup.end.at - startup.start.at;
  const shown = rows.filter((row) => isPhaseRow(row) || isVisible(row, total));
  const scale = scaleOf(startup, shown, { width, paint: painter(color) });
  const hidden = rows.filter((row) => !isPhaseRow(row) && !isVisible(row, total));
  return [header(scale), ...shown.flatMap((row) => lines(row, scale)), ...sumOf(hidden, scale)];
}

const isVisible = ({ start, end }: Row, total: bigint): boolean =>
  end - start >= VISIBLE_GAP || (end - start) * 100n >= total;

function scaleOf(
  startup: Startup,
  rows: readonly Row[],
  { width, paint }: { width: number; paint: Paint },
): Scale {
  const clockless = isClockless(startup);
  const from = startup.start.at;
  const widest = (text: (row: Row) => string, least: number): number =>
    Math.max(least, ...rows.map((row) => columnsOf(text(row))));
  const start = widest((row) => (clockless ? '' : startText(row, from)), 6);
  const length = widest(rowLength, 7);
  const most = Math.max(LEAST_NAME, width - SPACES - start - length - LEAST_BAR);
  const name = Math.min(most, widest(label, LEAST_NAME));
  const bar = Math.max(1, width - SPACES - start - length - name);
  const total = startup.end.at - from;
  const totalText = startup.lengthUnknown === true ? '?' : lengthText(duration(total));
  return { from, total, totalText, name, start, length, bar, clockless, paint };
}

function header({ name, start, length, bar, totalText, clockless, paint }: Scale): string {
  const head = `  ${padEnd('phase', name)} ${padStart(clockless ? '' : 'start', start)} ${padStart('length', length)}  `;
  return paint('dim', `${head}${clockless ? '' : axisText(totalText, bar)}`.trimEnd());
}

/** `0s ──────── 61.2s`. */
function axisText(total: string, bar: number): string {
  const line = bar - columnsOf(total) - '0s  '.length;
  return line < 1 ? clip(total, bar) : `0s ${'─'.repeat(line)} ${total}`;
}

/** A note of a phase that has no room beside the bar gets a line of its own. */
function lines(row: Row, scale: Scale): readonly string[] {
  const note = notesOf(row);
  const room = scale.clockless ? scale.bar : roomBeside(row, scale);
  if (!isPhaseRow(row) || columnsOf(note) <= room || note === '') return [line(row, note, scale)];
  const width = SPACES + scale.name + scale.start + scale.length + scale.bar;
  const below = wrap(note, { width, first: `  ${'  '.repeat(row.depth + 1)}` });
  return [line(row, '', scale), ...below.map((text) => scale.paint('dim', text))];
}

function line(row: Row, note: string, scale: Scale): string {
  const { name, start, length, from, clockless, paint } = scale;
  const when = padStart(clockless ? '' : startText(row, from), start);
  const head = `  ${padEnd(clip(label(row), name), name)} ${when} ${padStart(rowLength(row), length)}  `;
  const tail = clockless ? paint('dim', clip(note, scale.bar)) : barCell(row, note, scale);
  return `${isPhaseRow(row) ? head : paint('dim', head)}${tail}`.trimEnd();
}

const startText = (row: Row, from: bigint): string => lengthText(duration(row.start - from));

const rowLength = (row: Row): string =>
  isPhaseRow(row) ? phaseLength(row.phase) : lengthText(lengthOf(row));

/** Where nobody saw the beginning there is no length. Of a download its lines are then the end of it: it took longer. */
function phaseLength(phase: Phase): string {
  const isUnknownStart = phase.attributes['startup.start_unknown'] === true;
  if (!isUnknownStart) return spanText(phase, phase.certainty);
  if (phase.start.at === phase.end.at) return '?';
  const isAtLeast = phase.name === 's5cmd_download' && phase.certainty === 'derived' && isLengthKnown(phase);
  return isAtLeast
    ? `≥${lengthText(duration(phase.end.at - phase.start.at))}`
    : spanText(phase, phase.certainty);
}

const lengthOf = ({ start, end }: Row): Duration => duration(end - start);

const label = (row: Row): string =>
  `${'  '.repeat(row.depth)}${isPhaseRow(row) ? phaseLabel(row.phase) : '· gap'}`;

/** Pulls and init containers happen once per container, so they carry its name. */
function phaseLabel({ name, container, occurrence }: Phase): string {
  const named = name === 'image_pull' || name === 'init_container' || name === 'container_creating';
  const suffix = named && container !== null ? ` ${cell(container)}` : '';
  return `${name}${suffix}${occurrence > 0 ? ` #${occurrence + 1}` : ''}`;
}

const notesOf = (row: Row): string => (isPhaseRow(row) ? phaseNotes(row.phase) : gapNote(row));

const gapNote = ({ gap }: GapRow): string =>
  gap.afterPhase === gap.parent ? `opens ${gap.parent}` : `after ${gap.afterPhase}`;

function sumOf(rows: readonly Row[], { paint }: Scale): readonly string[] {
  if (rows.length === 0) return [];
  const total = duration(rows.reduce((sum, row) => sum + lengthOf(row), 0n));
  return [paint('dim', `  · ${plural(rows.length, 'smaller gap')}, ${lengthText(total)} in all`)];
}

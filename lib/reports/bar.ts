// The bar of one row: where it lies in the startup's time, how it is drawn, and the note beside it.

import { clip, columnsOf, padStart } from './columns.ts';
import type { Paint, Style } from './look.ts';
import { isPhaseRow, type Row } from './tree.ts';

export interface Axis {
  readonly from: bigint;
  readonly total: bigint;
  /** Columns that the startup takes. */
  readonly bar: number;
}

/** Columns free for a note on the better side of the bar. */
export function roomBeside(row: Row, axis: Axis): number {
  const [left, length] = placeOf(row, axis);
  return Math.max(left, axis.bar - left - length) - 1;
}

/** Never wider than the axis; the note goes to the side that has room, and is cut when neither has. */
export function barCell(
  row: Row,
  note: string,
  { paint, ...axis }: Axis & { readonly paint: Paint },
): string {
  const [left, length] = placeOf(row, axis);
  const drawn = paint(styleOf(row), glyphOf(row).repeat(length));
  const right = axis.bar - left - length;
  if (right > columnsOf(note) || right >= left) {
    return `${' '.repeat(left)}${drawn}${right < 2 ? '' : ` ${paint('dim', clip(note, right - 1))}`}`;
  }
  return `${left < 2 ? ' '.repeat(left) : paint('dim', padStart(`${clip(note, left - 1)} `, left))}${drawn}`;
}

/** First column and count of columns: at least one, never outside. */
function placeOf({ start, end }: Row, { from, total, bar }: Axis): readonly [number, number] {
  const column = (at: bigint): number => (total <= 0n ? 0 : (Number(at - from) / Number(total)) * bar);
  const left = Math.min(bar - 1, Math.max(0, Math.floor(column(start) + 1e-9)));
  const right = Math.min(bar, Math.max(left + 1, Math.ceil(column(end) - 1e-9)));
  return [left, right - left];
}

function glyphOf(row: Row): string {
  if (!isPhaseRow(row)) return '░';
  if (row.phase.certainty === 'open') return '▒';
  return row.holds ? '━' : '█';
}

function styleOf(row: Row): Style {
  if (!isPhaseRow(row)) return 'dim';
  if (row.phase.certainty === 'open') return 'yellow';
  return row.holds ? 'blue' : 'cyan';
}

// Text in columns of a terminal: how wide it is, cut, padded, wrapped.

import { printable } from '../base/text.ts';

/** Characters that take two columns: East Asian wide and full-width forms, pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Marks that stand on the character before them. */
const NARROW = /\p{Mn}|\p{Me}/u;

/** Invisible direction and joining controls: they can make a terminal show another text than the one there is. */
const INVISIBLE = /\p{Cf}/gu;

const PLAIN = /^[\x20-\x7e]*$/;

/** A stranger's text, safe on one line of a terminal. */
export const cell = (text: string): string => printable(text).replace(INVISIBLE, '');

export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

/** At most `columns` wide; a cut text ends in `…`. */
export function clip(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  return columns < 1 ? '' : `${headOf(text, columns - 1)}…`;
}

/** The same from the middle: pod names begin with whose they are and end with which of them it is, which takes two thirds. */
export function clipMiddle(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const tail = tailOf(text, Math.ceil(((columns - 1) * 2) / 3));
  return columns < 1 ? '' : `${headOf(text, columns - 1 - columnsOf(tail))}…${tail}`;
}

function tailOf(text: string, columns: number): string {
  const reversed = [...text].reverse().join('');
  return [...headOf(reversed, columns)].reverse().join('');
}

export const padEnd = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - columnsOf(text)));

export const padStart = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - columnsOf(text))) + text;

export interface Wrapping {
  readonly width: number;
  /** In front of the first line. */
  readonly first?: string;
  /** In front of every other line; as wide as `first` in blanks when absent. */
  readonly rest?: string;
  /** More lines than this are cut off with `…`. */
  readonly lines?: number;
}

/** Lines no wider than `width`, broken at blanks; a longer word is broken where it must. */
export function wrap(
  text: string,
  { width, first = '', rest, lines = Number.POSITIVE_INFINITY }: Wrapping,
): readonly string[] {
  const indent = rest ?? ' '.repeat(columnsOf(first));
  const room = Math.max(8, width - Math.max(columnsOf(first), columnsOf(indent)));
  const broken = breakWords(text.split(' '), room);
  const kept = broken.length > lines ? shortened(broken, lines, room) : broken;
  return kept.map((line, index) => `${index === 0 ? first : indent}${line}`.trimEnd());
}

function breakWords(words: readonly string[], room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.flatMap((long) => pieces(long, room))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function shortened(lines: readonly string[], count: number, room: number): readonly string[] {
  const kept = lines.slice(0, count);
  return [...kept.slice(0, -1), `${headOf(kept.at(-1) ?? '', room - 1)}…`];
}

function pieces(word: string, room: number): readonly string[] {
  const parts: string[] = [];
  let left = word;
  while (columnsOf(left) > room) {
    const head = headOf(left, room);
    parts.push(head);
    left = left.slice(head.length);
  }
  return [...parts, left];
}

function headOf(text: string, columns: number): string {
  if (PLAIN.test(text)) return text.slice(0, columns);
  let head = '';
  let used = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > columns) break;
    head += character;
  }
  return head;
}

const widthOf = (character: string): number => (WIDE.test(character) ? 2 : NARROW.test(character) ? 0 : 1);

// Pretty-printed JSON of a log service: entries spread over lines, told one by one.

import { groupings } from './framings/index.ts';
import { reopen } from './framings/open-line.ts';
import type { Framed } from './model/line.ts';

/** An entry with more lines than this is no log entry; its lines are dropped. */
const ENTRY_LINES = 20_000;

export interface NumberedLine {
  readonly framed: Framed;
  readonly line: number;
}

export interface DocumentReader {
  /** What the line completes; undefined when the document is over and the line is none of its own. */
  readonly take: (raw: string, line: number) => readonly NumberedLine[] | undefined;
}

/** A reader for the document that this line, the first of its file, opens; undefined for every other file. */
export function documentFrom(first: string): DocumentReader | undefined {
  const grouping = groupings.find(({ begins }) => begins(first));
  if (grouping === undefined) return undefined;
  const gather = grouping.gather();
  let lines: string[] = [];
  let start = 0;
  const ended = (raw: string): readonly NumberedLine[] => {
    const entry = grouping.open([...lines, raw]);
    lines = [];
    return entry === undefined
      ? []
      : reopen(entry.framed).map((framed) => ({ framed, line: start + entry.line }));
  };
  const take = (raw: string, line: number): readonly NumberedLine[] | undefined => {
    const step = gather(raw);
    if (step === 'foreign') return undefined;
    if (step === 'ends') return ended(raw);
    if (step === 'outside') lines = [];
    if (step === 'begins') {
      lines = [];
      start = line;
    }
    if (step !== 'outside' && lines.length < ENTRY_LINES) lines.push(raw);
    return [];
  };
  return { take };
}

// Pretty-printed JSON of a log service: entries spread over lines, told one by one.

import type { GatherStep } from './framings/contract.ts';
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
  const entry: Entry = { lines: [], start: 0 };
  return {
    take: (raw, line) => {
      const step = gather(raw);
      if (step === 'foreign') return undefined;
      add(entry, step, { raw, line });
      return step === 'ends' ? told(grouping, entry) : [];
    },
  };
}

/** The lines of the entry that is being gathered. */
interface Entry {
  lines: string[];
  start: number;
}

type Grouping = (typeof groupings)[number];

function add(entry: Entry, step: GatherStep, { raw, line }: { raw: string; line: number }): void {
  if (step === 'outside' || step === 'begins') entry.lines = [];
  if (step === 'begins') entry.start = line;
  if (step !== 'outside' && entry.lines.length < ENTRY_LINES) entry.lines.push(raw);
}

function told(grouping: Grouping, { lines, start }: Entry): readonly NumberedLine[] {
  const found = grouping.open(lines);
  return found === undefined
    ? []
    : reopen(found.framed).map((framed) => ({ framed, line: start + found.line }));
}

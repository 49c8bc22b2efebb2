// What is kept of a stream until its end: in line order, and bounded.
//
// A start says each of its borders a few times, once for each rank; but a
// download prints a line for each of a million objects, and a program may fail
// in a loop for a day. Of such lines the first ones and the latest are kept, so
// that memory follows what was said, not how often.

import { append } from './base/append.ts';
import type { Timed } from './framings/program-clock.ts';
import type { Proof, Saying, Speaker } from './model/mark.ts';

/** A record that says something, or whose time is needed. */
export interface Entry {
  readonly timed: Timed;
  readonly says: readonly Saying[];
  readonly proof: Proof;
  readonly speaker: Speaker;
  /** How many alike it stands for. */
  readonly copies: number;
}

export interface Entries {
  readonly add: (entry: Entry) => void;
  /** Another process begins: its lines are counted anew. */
  readonly renew: () => void;
  readonly all: () => readonly Entry[];
}

/** So many alike are kept one by one; of neighbours, which other entries lean on, more. */
const ALIKE = 200;
const NEIGHBOURS = 5000;

/** Gaps in the list are closed when there are so many. */
const HOLES = 10_000;

export function newEntries(): Entries {
  const list: (Entry | undefined)[] = [];
  const seen = new Map<string, { count: number; last: number }>();
  let holes = 0;
  const close = (): void => {
    const left = list.filter((entry) => entry !== undefined);
    list.length = 0;
    append(list, left);
    for (const [index, { proof }] of left.entries()) {
      const known = seen.get(proof.rule);
      if (known !== undefined) known.last = index;
    }
    holes = 0;
  };
  const add = (entry: Entry): void => {
    const key = entry.proof.rule;
    const before = seen.get(key);
    const count = (before?.count ?? 0) + 1;
    const isFull =
      before !== undefined && count > (key === 'line' ? NEIGHBOURS : ALIKE) && isRepetitive(entry);
    list.push(isFull ? together(list[before.last], entry) : entry);
    if (isFull) {
      list[before.last] = undefined;
      holes += 1;
    }
    seen.set(key, { count, last: list.length - 1 });
    if (holes > HOLES) close();
  };
  return { add, renew: () => seen.clear(), all: () => list.filter((entry) => entry !== undefined) };
}

/** Borders of the engine's phases are each another rank's, or another start's: they all count. */
const isRepetitive = ({ says }: Entry): boolean =>
  says.every((saying) => {
    if (saying.kind === 'seen' || saying.kind === 'during' || saying.kind === 'failed') return true;
    return 'phase' in saying && (saying.phase === 's5cmd_download' || saying.phase === 'ray_cluster_init');
  });

/** The later one, standing for both: sizes of objects add up. */
function together(earlier: Entry | undefined, later: Entry): Entry {
  if (earlier === undefined) return later;
  const says = later.says.map((saying) => withSum(saying, earlier.says));
  return { ...later, says, copies: earlier.copies + later.copies };
}

function withSum(saying: Saying, earlier: readonly Saying[]): Saying {
  if (saying.kind !== 'fact' || saying.name !== 's5cmd.object_bytes') return saying;
  const before = earlier.find((other) => other.kind === 'fact' && other.name === saying.name);
  return before?.kind === 'fact' ? { ...saying, value: Number(before.value) + Number(saying.value) } : saying;
}

// Named counters of everything read, matched, unmatched and dropped.
//
// A name is `noun.verb` in lower case ("lines.read", "files.not_evidence").
// Counting is the only thing that a bad input line ever causes.

export type Tally = ReadonlyMap<string, number>;

/** The one mutable thing that is handed through a run. */
export interface Counter {
  readonly count: (name: string, by?: number) => void;
  readonly tally: Tally;
}

export function newCounter(): Counter {
  const tally = new Map<string, number>();
  return {
    tally,
    count: (name, by = 1) => {
      tally.set(name, (tally.get(name) ?? 0) + by);
    },
  };
}

/** Name order, so that two runs print the same. */
export const sortedTally = (tally: Tally): Readonly<Record<string, number>> =>
  Object.fromEntries([...tally].sort(([a], [b]) => (a < b ? -1 : 1)));

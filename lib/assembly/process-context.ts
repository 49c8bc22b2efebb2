// What the steps share that tell one process start: its marks, and the phases placed so far.

import type { Mark, Saying } from '../model/mark.ts';
import type { PhaseName } from '../model/phase.ts';
import { type Draft, draft, type Owner } from './draft.ts';
import { type Edge, earliestOf, edgeOf, latestOf } from './edge.ts';
import type { Interval } from './intervals.ts';
import type { NativeTale } from './native-tale.ts';

export interface ProcessFrame extends Owner {
  /** When the container run began, if Kubernetes told; only for the first process of a run. */
  readonly containerStarted: Edge | undefined;
  /** What the other nodes of its cluster prove. */
  readonly allJoined?: Edge | undefined;
}

export interface Context {
  readonly frame: ProcessFrame;
  readonly marks: readonly Mark[];
  readonly found: ReadonlyMap<PhaseName, readonly Interval[]>;
  /** What vLLM's own spans say of this start; nothing when there are none. */
  readonly native: NativeTale;
  /** Phases placed so far. */
  readonly known: Map<PhaseName, readonly Draft[]>;
}

export type Said<Kind extends Saying['kind']> = Mark & { readonly says: Extract<Saying, { kind: Kind }> };

export const isSaid =
  <Kind extends Saying['kind']>(kind: Kind) =>
  (mark: Mark): mark is Said<Kind> =>
    mark.says.kind === kind;

export function place(
  context: Context,
  name: PhaseName,
  interval: Partial<Interval> & { readonly start: Edge },
): Draft {
  const { start, end, reported, ranks, attributes = {} } = interval;
  const one = draft(context.frame, { name, start, end, reported, ranks, attributes });
  context.known.set(name, [...(context.known.get(name) ?? []), one]);
  return one;
}

/** The latest end of all occurrences placed so far. */
export function lastEnd({ known }: Context, name: PhaseName): Edge | undefined {
  return latestOf((known.get(name) ?? []).flatMap(({ end }) => end ?? []));
}

/** The first interval that the marks of a phase make. */
export const interval = ({ found }: Context, name: PhaseName): Interval | undefined => found.get(name)?.[0];

/** The banner or the arguments line. */
export const beganEdge = ({ marks }: Context): Edge | undefined =>
  earliestOf(marks.filter(isSaid('process_began')).map(edgeOf));

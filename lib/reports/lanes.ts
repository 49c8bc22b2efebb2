// Slices laid into lanes so that within one lane they only nest or follow each other.
//
// Trace viewers draw a thread as a stack: slices of one thread that overlap without
// nesting are drawn wrong or dropped. Such slices get another lane of the same container.

import { byText } from '../base/text.ts';

export interface Layable {
  readonly container: string;
  readonly start: bigint;
  readonly end: bigint;
}

export interface Lane<T> {
  /** The container; '' for the pod. */
  readonly name: string;
  readonly slices: readonly T[];
}

interface OpenLane<T> extends Lane<T> {
  readonly slices: T[];
  /** Slices that have not ended yet, outermost first. */
  readonly stack: T[];
}

/** Lanes of the pod first, then by container; inside a lane by time, holders before what they hold. */
export function lanesOf<T extends Layable>(slices: readonly T[]): readonly Lane<T>[] {
  const lanes: OpenLane<T>[] = [];
  for (const slice of slices.toSorted(holdersFirst)) {
    const lane =
      lanes.find((open) => open.name === slice.container && takes(open, slice)) ?? newLane(lanes, slice);
    lane.slices.push(slice);
    lane.stack.push(slice);
  }
  return lanes
    .toSorted((a, b) => byText(a.name, b.name))
    .map(({ name, slices: laid }) => ({ name, slices: laid }));
}

function holdersFirst(a: Layable, b: Layable): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1;
  return a.end === b.end ? 0 : a.end > b.end ? -1 : 1;
}

function takes<T extends Layable>({ stack }: OpenLane<T>, slice: T): boolean {
  let top = stack.at(-1);
  while (top !== undefined && top.end <= slice.start) {
    stack.pop();
    top = stack.at(-1);
  }
  return top === undefined || top.end >= slice.end;
}

function newLane<T extends Layable>(lanes: OpenLane<T>[], { container }: T): OpenLane<T> {
  const lane: OpenLane<T> = { name: container, slices: [], stack: [] };
  lanes.push(lane);
  return lane;
}

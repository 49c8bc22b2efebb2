// One end of a phase while it is being worked out.

import { between, type Duration, type Instant, instant, SECOND } from '../base/instant.ts';
import type { Mark, Moment, Proof } from '../model/mark.ts';
import type { Witnessed } from '../model/pod-story.ts';

export interface Edge {
  readonly when: Moment;
  /** The first is the one that was taken. */
  readonly proofs: readonly Proof[];
  /** Computed or borrowed from a neighbour, not seen. */
  readonly derived: boolean;
}

export const edgeOf = ({ when, proof }: Mark): Edge => ({ when, proofs: [proof], derived: false });

export const witnessedEdge = ({ when, proofs, derived }: Witnessed): Edge => ({
  when,
  proofs,
  derived: derived === true,
});

export const borrowed = (edge: Edge): Edge => ({ ...edge, derived: true });

/** `took` before a mark: as precise as the mark, since the program's own number is finer. */
export const edgeBefore = (mark: Mark, took: Duration): Edge => ({
  when: { at: instant(mark.when.at - took), precision: mark.when.precision },
  proofs: [mark.proof],
  derived: true,
});

export const endOfMoment = ({ at, precision }: Moment): Instant => instant(at + precision);

/** Clocks of machines that are kept in time differ by less. */
const IN_TIME: Duration = SECOND;

/** By more than both ends are uncertain, and more than clocks that are kept in time may differ. */
export function isClearlyBefore(a: Edge, b: Edge): boolean {
  const lead = between(a.when.at, b.when.at);
  return lead > IN_TIME + a.when.precision + b.when.precision;
}

export const earlier = (a: Edge, b: Edge): Edge => (b.when.at < a.when.at ? b : a);

export const later = (a: Edge, b: Edge): Edge => (b.when.at > a.when.at ? b : a);

/** Evidence keeps so many witnesses of one end. */
const WITNESSES = 4;

/** The later of two ends, with both as witnesses; the one that was taken comes first. */
export function laterWithBoth(a: Edge, b: Edge): Edge {
  const [first, second] = b.when.at >= a.when.at ? [b, a] : [a, b];
  return { ...first, proofs: [...first.proofs, ...second.proofs].slice(0, WITNESSES) };
}

export const earliestOf = (edges: readonly Edge[]): Edge | undefined =>
  edges.length === 0 ? undefined : edges.reduce(earlier);

export const latestOf = (edges: readonly Edge[]): Edge | undefined =>
  edges.length === 0 ? undefined : edges.reduce(later);

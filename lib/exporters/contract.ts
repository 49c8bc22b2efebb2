// What an exporter is: a place to tell what was found.

import type { Duration } from '../base/instant.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import type { PodTrace } from '../model/trace.ts';

/** How much of what was handed over an outcome is about. */
export interface Part {
  readonly spans: number;
  /**
   * The traces (one per pod) that these spans belong to. A pod has arrived when every
   * outcome that names its trace is `delivered`.
   */
  readonly traces: readonly TraceId[];
}

/** The same of metric points. */
export interface PointPart {
  readonly points: number;
  /** Root spans of the startups that are in these points. */
  readonly startups: readonly SpanId[];
}

/** Every outcome an exporter can have. There is no silent one. */
export type Delivery<P = Part> = P & Outcome;

export type Outcome =
  /** The destination said that it took all of it; sometimes with a warning. */
  | { readonly status: 'delivered'; readonly warning?: string }
  /** The destination took some and refused others, by its own words: `rejected` of `spans`. */
  | { readonly status: 'partial'; readonly rejected: number; readonly reason: string }
  /** Nothing of this is known to have arrived; trying later may help, not before `after` when that is known. */
  | { readonly status: 'retryable'; readonly reason: string; readonly after?: Duration }
  /**
   * It went out, and nobody knows whether it arrived. Only of points: spans have ids and may be sent again,
   * points would be counted twice, so these must not be.
   */
  | { readonly status: 'ambiguous'; readonly reason: string }
  /**
   * The destination will never take it as it is. `shut`: nor anything else, until a person changes something there
   * (a wrong key, a wrong path): what was refused so is not at fault, and may be sent when that is done.
   */
  | { readonly status: 'refused'; readonly reason: string; readonly shut?: true }
  /** Not sent on purpose (a dry run). */
  | { readonly status: 'skipped'; readonly reason: string };

export interface Exporter<Given = readonly PodTrace[], P = Part> {
  /** For people: what it is and where it sends, without secrets. */
  readonly name: string;
  /** One outcome per batch; their spans or points add up to what was handed over. Never throws. */
  readonly deliver: (given: Given) => Promise<readonly Delivery<P>[]>;
  readonly close: () => Promise<void>;
}

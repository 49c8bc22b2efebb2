// What an exporter is: a place to tell what was found.

import type { Duration } from '../base/instant.ts';
import type { TraceId } from '../model/ids.ts';
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

/** Every outcome an exporter can have. There is no silent one. */
export type Delivery =
  /** The destination said that it took all of it; sometimes with a warning. */
  | (Part & { readonly status: 'delivered'; readonly warning?: string })
  /** The destination took some and refused others, by its own words: `rejected` of `spans`. */
  | (Part & { readonly status: 'partial'; readonly rejected: number; readonly reason: string })
  /** Nothing of this is known to have arrived; trying later may help, not before `after` when that is known. */
  | (Part & { readonly status: 'retryable'; readonly reason: string; readonly after?: Duration })
  /** The destination will never take it as it is. */
  | (Part & { readonly status: 'refused'; readonly reason: string })
  /** Not sent on purpose (a dry run). */
  | (Part & { readonly status: 'skipped'; readonly reason: string });

export interface Exporter {
  /** For people: what it is and where it sends, without secrets. */
  readonly name: string;
  /** One outcome per batch; their spans add up to what was handed over. Never throws. */
  readonly deliver: (traces: readonly PodTrace[]) => Promise<readonly Delivery[]>;
  readonly close: () => Promise<void>;
}

// What the hall asks of the pipeline, and what comes back.

import type { Instant } from './base/instant.ts';
import type { Identity } from './model/log-run.ts';
import type { LintFinding, Told } from './reports/contract.ts';
import type { TrustedPods } from './who-tells.ts';

export type { LintFinding, Problem } from './reports/contract.ts';

/** Which startups to tell. An absent filter lets everything through. */
export interface ReplayFilters {
  readonly pod?: string;
  readonly namespace?: string;
  /** Kubernetes label selector: `app=llama,tier!=test`. */
  readonly selector?: string;
  /** Startups that end before this are left out. */
  readonly since?: Instant;
  /** Startups that begin at or after this are left out. */
  readonly until?: Instant;
}

export interface ReplayRequest {
  /** Files and folders; `-` is standard input. */
  readonly paths: readonly string[];
  readonly filters: ReplayFilters;
  /** Whose log a bare file is. */
  readonly identity: Identity;
  /** Pods whose logs may tell of other pods. */
  readonly trusted?: readonly TrustedPods[];
  /** For clocks that name neither year nor zone. `tz`: IANA name or ±hh:mm. */
  readonly clock: { readonly year?: number; readonly tz?: string };
  /** Also tell which markers are known, missing or new: then no line is skipped unread. */
  readonly lint?: boolean;
}

export interface Answer extends Told {
  /** Empty unless the request asked for it. */
  readonly lint: readonly LintFinding[];
}

/** How far the reading is. Bytes are of the files as they lie, compressed or not; 0 in total: not known. */
export interface Progress {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly files: number;
  readonly file: string;
}

export interface ReplayDeps {
  readonly now: () => Instant;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly progress: (progress: Progress) => void;
}

export type Replay = (request: ReplayRequest, deps: ReplayDeps) => Promise<Answer>;

// What sources that lie elsewhere take from the command line, and from the door.

import type { Duration, Instant } from './base/instant.ts';
import type { CloudwatchConfig } from './cloudwatch-types.ts';
import type { S3LogsConfig } from './s3-logs-types.ts';

export interface RemoteConfig {
  readonly cloudwatch?: CloudwatchConfig;
  readonly s3Logs?: S3LogsConfig;
}

/** What a door lends. */
export interface RemoteLoan {
  readonly now: () => Instant;
  readonly patience: { readonly random: () => number };
  /** Resolves after the time, or when the signal says so. */
  readonly pause: (time: Duration, signal: AbortSignal) => Promise<void>;
  /** Begins to listen: fires at the first Ctrl-C. */
  readonly interrupted: () => AbortSignal;
}

export interface RemoteDeps {
  readonly now: () => Instant;
  /** From 0 up to 1, as Math.random. */
  readonly random: () => number;
  /** Resolves after the time, or when the signal says so. */
  readonly sleep: (time: Duration) => Promise<void>;
  readonly signal: AbortSignal;
}

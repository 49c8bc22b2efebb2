// What sources that lie elsewhere take from the command line, and from the door.

import type { Duration, Instant } from './base/instant.ts';
import type { CloudwatchConfig } from './cloudwatch-types.ts';
import type { S3LogsConfig } from './s3-logs-types.ts';

export interface RemoteConfig {
  readonly cloudwatch?: CloudwatchConfig;
  readonly s3Logs?: S3LogsConfig;
}

export interface RemoteDeps {
  readonly now: () => Instant;
  /** From 0 up to 1, as Math.random. */
  readonly random: () => number;
  /** Resolves after the time, or when the signal says so. */
  readonly sleep: (time: Duration) => Promise<void>;
  readonly signal: AbortSignal;
}

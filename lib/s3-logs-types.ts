// What reading logs of buckets takes from the command line.

import type { Duration, Instant } from './base/instant.ts';

export interface S3LogsConfig {
  readonly places: readonly { readonly bucket: string; readonly prefix: string }[];
  /** What was logged in [since, until) is read, as far as now. */
  readonly since: Instant;
  readonly until: Instant;
  /** How late after an event its object may be written; undefined: as writers usually are. */
  readonly late?: Duration;
  /** Undefined: the profile's. */
  readonly region?: string;
  /** Another server than AWS'. */
  readonly endpoint?: string;
}

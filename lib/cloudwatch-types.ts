// What reading CloudWatch Logs takes from the command line.

import type { Instant } from './base/instant.ts';

export interface CloudwatchConfig {
  /** Names, or ARNs of groups in other accounts. */
  readonly groups: readonly string[];
  /** Events of [since, until) are read, as far as now. */
  readonly since: Instant;
  readonly until: Instant;
  readonly prefix?: string;
  readonly pattern?: string;
  readonly insights: boolean;
  /** Undefined: the profile's. */
  readonly region?: string;
  /** Another server than AWS'. */
  readonly endpoint?: string;
}

// What reading CloudWatch Logs takes from the command line.

import { type Instant, seconds } from './base/instant.ts';

export interface CloudwatchConfig {
  /** Names, or ARNs of groups in other accounts. */
  readonly groups: readonly string[];
  /** Startups of [since, until) are asked for; events around it are read, too. */
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

/**
 * A start that ended in the window may have begun before it, and one that began in it may end after it: an hour
 * more on each side. A start that takes longer is told in part.
 */
export const AROUND = seconds(3600);

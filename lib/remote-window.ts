// The window in which logs that lie elsewhere are read.

import { after, before, earliest, type Instant, seconds } from './base/instant.ts';
import type { RemoteConfig } from './remote-types.ts';

/**
 * A start that ended in the window may have begun before it, and one that began in it may end after it: an hour
 * more on each side. A start that takes longer is told in part.
 */
const AROUND = seconds(3600);

export interface Bounds {
  readonly since: Instant;
  readonly until: Instant;
}

/** The same places, in another window. */
export const within = ({ cloudwatch, s3Logs }: RemoteConfig, bounds: Bounds): RemoteConfig => ({
  ...(cloudwatch !== undefined && { cloudwatch: { ...cloudwatch, ...bounds } }),
  ...(s3Logs !== undefined && { s3Logs: { ...s3Logs, ...bounds } }),
});

/** What a question about starts of these bounds has to read. */
export const widened = <B extends Bounds>(asked: B): B => ({
  ...asked,
  since: before(asked.since, AROUND),
  until: after(asked.until, AROUND),
});

/** No farther than now: there is nothing. Writers may be two hours ahead, but no start is. */
export const upToNow = ({ since, until }: Bounds, now: Instant) => ({
  from: since,
  to: earliest(until, after(now, seconds(1))),
});

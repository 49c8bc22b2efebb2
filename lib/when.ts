// Times as people give them on a command line.

import { parseGoDuration } from './base/go-duration.ts';
import { before, duration, type Instant, parseInstant } from './base/instant.ts';

const DAY = 86_400_000_000_000n;

/** RFC 3339, or a time before `now`: `2h`, `90m`, `1h30m`, `7d`. Undefined for anything else. */
export function readWhen(text: string, now: Instant): Instant | undefined {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const ago = days === undefined ? parseGoDuration(text) : duration(BigInt(days) * DAY);
  if (ago === undefined) return parseInstant(text);
  return ago < 0n ? undefined : before(now, ago);
}

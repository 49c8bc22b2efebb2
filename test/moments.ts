// One instant that tests count seconds from.

import {
  after,
  type Duration,
  type Instant,
  NANOSECOND,
  parseInstant,
  seconds,
} from '../lib/base/instant.ts';
import type { Moment } from '../lib/model/mark.ts';

export const T0: Instant = parseInstant('2026-08-21T10:00:00Z') ?? (0n as Instant);

/** `offset` seconds after T0. */
export const moment = (offset: number, precision: Duration = NANOSECOND): Moment => ({
  at: after(T0, seconds(offset)),
  precision,
});

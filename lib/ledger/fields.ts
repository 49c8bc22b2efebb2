// Fields that the schemas of state share. All are bounded: a state file is read by every run.

import * as z from 'zod';
import { formatInstant, type Instant, parseInstant } from '../base/instant.ts';

/** RFC 3339 with nanoseconds in the file, an `Instant` in the program. */
export const instantField = z.codec(
  z.string().max(40),
  z.custom<Instant>((value) => typeof value === 'bigint'),
  {
    decode: (text, context) => {
      const at = parseInstant(text);
      if (at !== undefined) return at;
      context.issues.push({ code: 'custom', message: 'expected an RFC 3339 time', input: text });
      return z.NEVER;
    },
    encode: (at) => formatInstant(at),
  },
);

export const nameField = z.string().min(1).max(500);

export const reasonField = z.string().max(2000);

export const countField = z.int().nonnegative();

/** Named counters, as a tally has them. */
export const countsField = z.record(z.string().max(200), z.number().nonnegative());

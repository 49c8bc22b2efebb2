// Kinds of values that options take, each with what it says it expected.

import * as z from 'zod';
import { parseGoDuration } from './base/go-duration.ts';
import type { Duration } from './base/instant.ts';

/** Any text but none. */
export const text = (expected: string) =>
  z.string({ error: expected }).min(1, { error: expected }).exactOptional();

/** Text that `parse` understands; undefined from it is a refusal that says what was expected. */
export const reading = <T>(expected: string, parse: (given: string) => T | undefined) =>
  z
    .string({ error: expected })
    .transform((given, context) => {
      const value = parse(given);
      if (value !== undefined) return value;
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    })
    .exactOptional();

export const matching = (pattern: RegExp, expected: string) =>
  z.string({ error: expected }).regex(pattern, { error: expected });

export function positiveTime(given: string): Duration | undefined {
  const time = parseGoDuration(given);
  return time !== undefined && time > 0n ? time : undefined;
}

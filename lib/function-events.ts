// The events that the functions are called with: one schema each, and what is said of one that does not fit.

import * as z from 'zod';
import { failed, ok, type Result } from './base/result.ts';
import { keysOf, shownValue } from './settings/complaint.ts';

const text = (expected: string, longest = 200) =>
  z.string({ error: expected }).min(1, { error: expected }).max(longest, { error: expected });

const texts = (expected: string) =>
  z
    .array(text(expected), { error: `a list: each ${expected}` })
    .min(1, { error: expected })
    .max(100);

/** EventBridge Scheduler sends `{}`. Anything else is a mistake of whoever calls by hand. */
export const analyzeEvent = z.strictObject({}, { error: 'an object without keys: {}' });

export const collectEvent = z.strictObject(
  { clusters: texts('the name of a configured cluster').exactOptional() },
  { error: 'an object: {} or {"clusters": […]}' },
);

const WHEN = 'a time such as 2026-08-21T10:00:00Z, or a time ago such as 2h, 30m or 7d';

export const backfillEvent = z.strictObject(
  {
    from: text(WHEN, 64),
    to: text(WHEN, 64),
    /** Log groups; without: all that are configured. Evidence that was collected is always read. */
    sources: texts('the name of a configured log group').exactOptional(),
    destination: text('the name of the configured destination').exactOptional(),
    dryRun: z.boolean({ error: 'true or false' }).exactOptional(),
  },
  { error: 'an object: {"from": …, "to": …}' },
);

export type BackfillEvent = z.infer<typeof backfillEvent>;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

/** What `backfill` puts on the queue: one slice of a plan. */
export const sliceMessage = z.strictObject({
  version: z.literal(1, { error: '1' }),
  plan: text('the id of a plan', 64),
  from: z.string({ error: 'a time' }).regex(INSTANT, { error: 'a time such as 2026-08-21T10:00:00Z' }),
  to: z.string({ error: 'a time' }).regex(INSTANT, { error: 'a time such as 2026-08-21T10:00:00Z' }),
  sources: texts('the name of a log group').exactOptional(),
});

export type SliceMessage = z.infer<typeof sliceMessage>;

/** SQS adds fields as it likes: of a record only these two are ours. */
export const queueEvent = z.object(
  {
    Records: z
      .array(
        z.object(
          { messageId: text('the id of a message'), body: z.string({ error: 'the text of a message' }) },
          { error: 'a record of SQS' },
        ),
        { error: 'a list of records of SQS' },
      )
      .max(10_000, { error: 'at most 10,000 records' }),
  },
  { error: 'an event of SQS: {"Records": […]}' },
);

export type QueueEvent = z.infer<typeof queueEvent>;

/** `event.from: expected a time such as …, got 'yesterday'`, everything that is wrong in one text. */
export function readEvent<T>(schema: z.ZodType<T>, given: unknown, name = 'event'): Result<T, string> {
  const read = schema.safeParse(given);
  if (read.success) return ok(read.data);
  const complaints = read.error.issues.flatMap((issue) => complaintsOf(issue, { given, name }));
  return failed(complaints.slice(0, 20).join('; '));
}

function complaintsOf(
  issue: z.core.$ZodIssue,
  { given, name }: { readonly given: unknown; readonly name: string },
): readonly string[] {
  return keysOf(issue).map((keys) => {
    const from = [name, ...keys].join('.');
    if (issue.code === 'unrecognized_keys') return `${from}: expected no such key, got one`;
    return `${from}: expected ${issue.message}, got ${shownValue(valueAt(given, keys))}`;
  });
}

function valueAt(given: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return given;
  if (typeof given !== 'object' || given === null || !Object.hasOwn(given, key)) return undefined;
  return valueAt(Object.entries(given).find(([name]) => name === key)?.[1], rest);
}

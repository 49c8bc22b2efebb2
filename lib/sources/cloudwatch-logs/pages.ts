// Page after page of events to the end of a window, each event once.
//
// What surprises: a page may be empty and still not be the last; GetLogEvents never stops giving
// tokens, its end is the token that was passed; a token lives for 24 hours and belongs to one question.
// When a token has expired the window is taken up at the last timestamp that came, and the events of
// that millisecond which are known already are left out: a few are remembered, not all.

import { createHash } from 'node:crypto';
import type { Result } from '../../base/result.ts';
import type { Refusal } from '../aws/refusal.ts';
import type { LogEvent, Page } from './api.ts';
import type { Meter } from './meter.ts';
import { holds, isEmpty, type Window } from './window.ts';

export interface Paging {
  readonly ask: (window: Window, token: string | undefined) => Promise<Result<Page, Refusal>>;
  /** True: the token that comes back is the one that was passed when there is no more (GetLogEvents). */
  readonly endsWithSameToken: boolean;
  readonly meter: Meter;
  /** More pages than this are not asked for. */
  readonly mostPages: number;
}

interface Progress {
  window: Window;
  token: string | undefined;
  latest: number;
  /** True once an event was older than the one before: then no place is known to go on from. */
  isDisordered: boolean;
  /** How often each event of the latest millisecond has been given. */
  readonly given: Map<string, number>;
  /** How often it came since the last new beginning. */
  readonly came: Map<string, number>;
  /** New beginnings since the last event that was new. */
  restarts: number;
}

/** Two are enough for a token that expired twice; more say that something else is wrong. */
const MOST_RESTARTS = 3;

/** Returns why it ended before its end, if it did; the events until then have been given. */
export async function* readPages(
  paging: Paging,
  window: Window,
): AsyncGenerator<readonly LogEvent[], Refusal | undefined> {
  if (isEmpty(window)) return undefined;
  const progress = begun(window);
  for (let pages = 0; pages < paging.mostPages; pages += 1) {
    const step = stepOf(paging, progress, await paging.ask(progress.window, progress.token));
    if (step.events.length > 0) yield step.events;
    if (step.ended) return step.refusal;
  }
  return tooMany(paging.mostPages);
}

interface Step {
  readonly events: readonly LogEvent[];
  readonly ended: boolean;
  /** Why it ended before the end of the window. */
  readonly refusal?: Refusal;
}

function stepOf(paging: Paging, progress: Progress, page: Result<Page, Refusal>): Step {
  if (!page.ok) return stepAfter(paging, progress, page.error);
  const events = page.value.events.filter((event) => isNew(progress, event));
  const { next } = page.value;
  if (next === undefined) return { events, ended: true };
  if (next === progress.token)
    return { events, ended: true, ...(paging.endsWithSameToken ? {} : { refusal: LOOP }) };
  progress.token = next;
  return { events, ended: false };
}

function stepAfter({ meter }: Paging, progress: Progress, refusal: Refusal): Step {
  const ended = !beganAgain(progress, refusal);
  if (ended) return { events: [], ended, refusal };
  meter.count('cloudwatch_tokens.expired');
  return { events: [], ended };
}

const begun = (window: Window): Progress => ({
  window,
  token: undefined,
  latest: Number.NEGATIVE_INFINITY,
  isDisordered: false,
  given: new Map(),
  came: new Map(),
  restarts: 0,
});

const tooMany = (pages: number): Refusal => ({
  code: 'TooManyPages',
  says: `there are more than the ${pages} pages that were to be read`,
  status: 0,
});

const LOOP: Refusal = {
  code: 'SameToken',
  says: 'the answer to a token was the same token: reading on would never end',
  status: 200,
};

/** `The specified nextToken is invalid.`, `… has expired`: InvalidParameterException both. */
const isExpired = ({ code, says }: Refusal): boolean =>
  code === 'InvalidParameterException' && /\btoken\b|nextToken/i.test(says);

/** False: it cannot be gone on with. */
function beganAgain(progress: Progress, refusal: Refusal): boolean {
  const hasToken = progress.token !== undefined;
  if (!hasToken || !isExpired(refusal) || progress.isDisordered) return false;
  if (progress.restarts === MOST_RESTARTS) return false;
  progress.restarts += 1;
  progress.token = undefined;
  if (progress.latest > progress.window.from) progress.window = { ...progress.window, from: progress.latest };
  progress.came.clear();
  return true;
}

/** Also trims: servers do not agree on what is the end of a window. */
function isNew(progress: Progress, event: LogEvent): boolean {
  const { timestamp } = event;
  if (!holds(progress.window, timestamp)) return false;
  if (timestamp < progress.latest) progress.isDisordered = true;
  if (timestamp > progress.latest) advance(progress, timestamp);
  const isFresh = timestamp < progress.latest || isFirst(progress, keyOf(event));
  if (isFresh) progress.restarts = 0;
  return isFresh;
}

function advance(progress: Progress, timestamp: number): void {
  progress.latest = timestamp;
  progress.given.clear();
  progress.came.clear();
}

/** The second of two equal events is one of its own; the same one after a new beginning is not. */
function isFirst({ given, came }: Progress, key: string): boolean {
  const count = (came.get(key) ?? 0) + 1;
  came.set(key, count);
  if (count <= (given.get(key) ?? 0)) return false;
  given.set(key, count);
  return true;
}

/** Without an id of its own an event is known by all that it says; equal ones are counted. */
function keyOf({ id, stream, timestamp, ingested, message }: LogEvent): string {
  if (id !== undefined) return id;
  const hash = createHash('sha256').update(message).digest('base64');
  return [stream, timestamp, ingested ?? '', hash].join('\0');
}

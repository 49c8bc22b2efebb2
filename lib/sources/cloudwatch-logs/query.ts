// CloudWatch Logs Insights as a reader: for groups of infrequent access, which have no other, and for wide windows.
//
// A query gives at most `limit` rows. When more matched, the window is split and each piece is asked
// anew, down to a single second. Rows are trimmed to the window, because queries count in whole seconds.

import { type Duration, duration, seconds } from '../../base/instant.ts';
import { failed, type Result } from '../../base/result.ts';
import type { Refusal } from '../aws/refusal.ts';
import { STOPPED } from '../aws/trying.ts';
import type { LogEvent, LogsApi, QueryAnswer, Selection } from './api.ts';
import type { Meter } from './meter.ts';
import { weight } from './patient.ts';
import { holds, isEmpty, queryBounds, split, type Window } from './window.ts';

export interface Querying {
  readonly api: LogsApi;
  readonly group: string;
  readonly selection: Selection;
  readonly meter: Meter;
  readonly sleep: (time: Duration) => Promise<void>;
  readonly signal: AbortSignal;
  /** Rows of one query: 100,000 is the most that the API gives. */
  readonly limit: number;
}

export const MOST_ROWS = 100_000;

type Read = AsyncGenerator<readonly LogEvent[], Refusal | undefined>;

/** Returns why it ended early, if it did. */
export async function* readQuery(querying: Querying, window: Window): Read {
  if (isEmpty(window)) return undefined;
  const begun = await querying.api.startQuery({
    group: querying.group,
    text: queryText(querying.selection),
    bounds: queryBounds(window),
    limit: querying.limit,
  });
  if (!begun.ok) return begun.error;
  const first = await finished(querying, begun.value);
  if (!first.ok) return first.error;
  const answer = first.value;
  querying.meter.count('cloudwatch.bytes_scanned', answer.scanned ?? 0);
  const pieces = piecesOf(querying, window, answer);
  if (pieces.length > 1) return yield* readAll(querying, pieces);
  if (answer.status !== 'Complete') return notComplete(answer);
  return yield* readRows(querying, { id: begun.value, first: answer, window });
}

async function* readAll(querying: Querying, pieces: readonly Window[]): Read {
  let refusal: Refusal | undefined;
  for (const piece of pieces) {
    const ended = yield* readQuery(querying, piece);
    if (ended !== undefined && ended.code !== TOO_MANY) return ended;
    refusal ??= ended;
  }
  return refusal;
}

/** A few more than are needed: starts are not evenly spread. A query that took too long is halved. */
function piecesOf(
  { limit }: Querying,
  window: Window,
  { status, matched = 0 }: QueryAnswer,
): readonly Window[] {
  if (status === 'Timeout') return split(window, 2);
  return matched > limit ? split(window, Math.ceil(matched / limit) + 1) : [window];
}

const notComplete = ({ status }: QueryAnswer): Refusal => ({
  code: `Query${status}`,
  says: `the query ended as ${status}`,
  status: 200,
});

const TOO_MANY = 'TooManyRows';

interface Rows {
  readonly id: string;
  readonly first: QueryAnswer;
  readonly window: Window;
}

async function* readRows(querying: Querying, { id, first, window }: Rows): Read {
  let given = 0;
  for (let answer = first; ; ) {
    given += answer.rows.length;
    const events = eventsOf(querying, answer, window);
    if (events.length > 0) yield events;
    if (answer.next === undefined) break;
    const more = await querying.api.queryResults(id, answer.next);
    if (!more.ok) return more.error;
    answer = more.value;
  }
  return isPart(first.matched, given, querying.limit) ? overfull(querying.limit) : undefined;
}

/** Where a server does not tell how many rows matched, a full answer may be a part. */
const isPart = (matched: number | undefined, given: number, limit: number): boolean =>
  matched === undefined ? given >= limit : matched > limit;

function eventsOf({ meter }: Querying, { rows }: QueryAnswer, window: Window): readonly LogEvent[] {
  const read = rows.map(eventOf).filter((event) => event !== undefined);
  if (read.length < rows.length) meter.count('cloudwatch_rows.malformed', rows.length - read.length);
  const events = read.filter(({ timestamp }) => holds(window, timestamp));
  meter.count('cloudwatch.events', events.length);
  meter.count('cloudwatch.bytes', weight(events));
  return events;
}

const overfull = (limit: number): Refusal => ({
  code: TOO_MANY,
  says: `a second holds more than ${limit} events, which is all that a query gives`,
  status: 200,
});

const FIRST_WAIT = seconds(0.25);
const LONGEST_WAIT = seconds(4);

/** Asks until it is over; partial results of a running query are no answer. A query that nobody waits for is stopped. */
async function finished(querying: Querying, id: string): Promise<Result<QueryAnswer, Refusal>> {
  const { api, sleep, signal } = querying;
  for (let wait = FIRST_WAIT; ; wait = longer(wait)) {
    await sleep(wait);
    const answer = await api.queryResults(id, undefined);
    if (answer.ok && !GOING_ON.has(answer.value.status)) return answer;
    if (answer.ok && !signal.aborted) continue;
    await api.stopQuery(id);
    return answer.ok ? failed({ code: STOPPED, says: 'it was stopped', status: 0 }) : answer;
  }
}

const GOING_ON = new Set(['Scheduled', 'Running', 'Unknown']);

const longer = (wait: Duration): Duration => (wait * 2n > LONGEST_WAIT ? LONGEST_WAIT : duration(wait * 2n));

/** Exported for its test. */
export function queryText(selection: Selection): string {
  const filter = filterText(selection);
  return [
    'fields @timestamp, @ingestionTime, @logStream, @message, @ptr',
    ...(filter === undefined ? [] : [`filter ${filter}`]),
    'sort @timestamp asc',
  ].join(' | ');
}

function filterText(selection: Selection): string | undefined {
  switch (selection.kind) {
    case 'all':
      return undefined;
    case 'prefix':
      return `substr(@logStream, 0, ${selection.prefix.length}) = ${quoted(selection.prefix)}`;
    case 'names':
      return `@logStream in [${selection.names.map(quoted).join(', ')}]`;
  }
}

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

function eventOf(row: Readonly<Record<string, string>>): LogEvent | undefined {
  const timestamp = millisecondsOf(row['@timestamp']);
  const message = row['@message'];
  if (timestamp === undefined || message === undefined) return undefined;
  const ingested = millisecondsOf(row['@ingestionTime']);
  return { timestamp, message, stream: row['@logStream'] ?? '', ingested, id: row['@ptr'] };
}

/** `2026-11-22 01:34:02.123`, UTC without saying so; stand-ins write milliseconds. */
function millisecondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const at = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,3})?$/.test(text)
    ? Date.parse(`${text.replace(' ', 'T')}Z`)
    : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

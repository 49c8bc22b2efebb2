// Logs Insights of the stand-in: whole seconds with both ends, states, limits, pages, and the few commands that are asked.

import * as z from 'zod';
import { groupOf, parsed } from './events.ts';
import { invalid, Refused } from './refusal.ts';
import { inOrder, placeOf, type StoredEvent } from './store.ts';
import type { World } from './world.ts';

const startInput = z.strictObject({
  logGroupName: z.string().optional(),
  logGroupIdentifiers: z.array(z.string()).length(1).optional(),
  startTime: z.int().min(0).max(100_000_000_000),
  endTime: z.int().min(0).max(100_000_000_000),
  queryString: z.string().max(10_000),
  limit: z.int().min(1).max(100_000).optional(),
});

export interface Query {
  readonly rows: readonly StoredEvent[];
  readonly matched: number;
  readonly scanned: number;
  status: string;
  /** How often it will still say that it is running. */
  left: number;
}

const CONCURRENT = 100;

export function startQuery(world: World, body: unknown) {
  const input = parsed(startInput, body);
  const { logGroupName, logGroupIdentifiers: [logGroupIdentifier] = [] } = input;
  const group = groupOf(world, { logGroupName, logGroupIdentifier });
  if (input.startTime > input.endTime) throw invalid('startTime must not be later than endTime.');
  if ([...world.queries.values()].filter(isOpen).length >= CONCURRENT)
    throw new Refused('LimitExceededException', 'Resource limit exceeded.');
  const wants = chooserOf(input.queryString);
  const all = inOrder(group);
  const from = placeOf(all, ({ timestamp }) => Math.floor(timestamp / 1000) < input.startTime);
  const to = placeOf(all, ({ timestamp }) => Math.floor(timestamp / 1000) <= input.endTime);
  const inside = all.slice(from, to);
  const found = inside.filter(wants);
  const queryId = `query-${world.queries.size + 1}`;
  const scanned = inside.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0);
  const rows = found.slice(0, input.limit ?? 10_000);
  world.queries.set(queryId, { rows, matched: found.length, scanned, status: 'Scheduled', left: 2 });
  return { queryId };
}

const isOpen = ({ status }: Query): boolean => status === 'Scheduled' || status === 'Running';

/** `fields … | filter … | sort @timestamp asc`; anything else is malformed here. */
function chooserOf(text: string): (event: StoredEvent) => boolean {
  const steps = text.split(' | ');
  const malformed = new Refused('MalformedQueryException', 'unexpected symbol found');
  if (!/^fields @\w+(?:, @\w+)*$/.test(steps[0] ?? '') || steps.at(-1) !== 'sort @timestamp asc')
    throw malformed;
  const filters = steps.slice(1, -1).map((step) => {
    const wants = filterOf(step);
    if (wants === undefined) throw malformed;
    return wants;
  });
  return ({ stream }) => filters.every((wants) => wants(stream));
}

function filterOf(step: string): ((stream: string) => boolean) | undefined {
  const prefix = /^filter substr\(@logStream, 0, (\d+)\) = ("(?:[^"\\]|\\.)*")$/.exec(step);
  if (prefix !== null)
    return (stream) => stream.slice(0, Number(prefix[1])) === JSON.parse(prefix[2] ?? '""');
  const names = /^filter @logStream in (\["(?:[^"\\]|\\.)*"(?:, "(?:[^"\\]|\\.)*")*\])$/.exec(step);
  if (names === null) return undefined;
  const wanted = new Set<unknown>(JSON.parse(names[1] ?? '[]'));
  return (stream) => wanted.has(stream);
}

const resultsInput = z.strictObject({
  queryId: z.string(),
  nextToken: z.string().optional(),
  maxItems: z.int().optional(),
});

const PAGE = 10_000;

export function getQueryResults(world: World, body: unknown) {
  const { queryId, nextToken } = parsed(resultsInput, body);
  const query = world.queries.get(queryId);
  if (query === undefined) throw new Refused('ResourceNotFoundException', `Query ${queryId} does not exist.`);
  if (isOpen(query)) query.status = query.left > 0 ? 'Running' : world.queryEnd();
  query.left -= 1;
  const from = nextToken === undefined ? 0 : Number(nextToken);
  const statistics = {
    recordsMatched: query.matched,
    recordsScanned: query.matched,
    bytesScanned: query.scanned,
  };
  // A running query tells a part of its rows.
  const to = query.status === 'Complete' ? from + PAGE : Math.min(3, query.rows.length);
  const results = query.rows.slice(from, to).map(rowOf);
  const more = query.status === 'Complete' && to < query.rows.length ? { nextToken: String(to) } : {};
  return { status: query.status, results, statistics, ...more };
}

const rowOf = (event: StoredEvent) => [
  { field: '@timestamp', value: stampOf(event.timestamp) },
  { field: '@ingestionTime', value: stampOf(event.ingestionTime) },
  { field: '@logStream', value: event.stream },
  { field: '@message', value: event.message },
  { field: '@ptr', value: event.id },
];

const stampOf = (at: number): string => new Date(at).toISOString().slice(0, 23).replace('T', ' ');

export function stopQuery(world: World, body: unknown) {
  const { queryId } = parsed(z.strictObject({ queryId: z.string() }), body);
  const query = world.queries.get(queryId);
  if (query === undefined) throw new Refused('ResourceNotFoundException', `Query ${queryId} does not exist.`);
  if (!isOpen(query)) throw invalid('Query has already ended');
  query.status = 'Cancelled';
  return { success: true };
}

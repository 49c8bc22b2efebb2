// FilterLogEvents and GetLogEvents as documented: what endTime means, pages, tokens, order.

import * as z from 'zod';
import { matcherOf } from './filter-pattern.ts';
import { invalid, Refused } from './refusal.ts';
import { compare, type Group, inOrder, placeOf, type StoredEvent } from './store.ts';
import type { World } from './world.ts';

const PAGE_BYTES = 1_048_576;

const common = {
  logGroupName: z
    .string()
    .regex(/^[\w./#-]{1,512}$/)
    .optional(),
  logGroupIdentifier: z
    .string()
    .regex(/^(?!.*:\*$)[\w#+=/:,.@-]{1,2048}$/)
    .optional(),
  startTime: z.int().min(0).optional(),
  endTime: z.int().min(0).optional(),
  nextToken: z.string().min(1).optional(),
  limit: z.int().min(1).max(10_000).optional(),
  unmask: z.boolean().optional(),
};

const filterInput = z.strictObject({
  ...common,
  logStreamNames: z
    .array(z.string().regex(/^[^:*]{1,512}$/))
    .min(1)
    .max(100)
    .optional(),
  logStreamNamePrefix: z
    .string()
    .regex(/^[^:*]{1,512}$/)
    .optional(),
  filterPattern: z.string().max(1024).optional(),
  interleaved: z.boolean().optional(),
  startFromHead: z.boolean().optional(),
});

const getInput = z.strictObject({
  ...common,
  logStreamName: z.string().regex(/^[^:*]{1,512}$/),
  startFromHead: z.boolean().optional(),
});

export function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const read = schema.safeParse(body);
  if (!read.success)
    throw invalid(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  return read.data;
}

/** By name, or by the ARN that ends in it. */
export function groupOf(
  world: World,
  asked: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined },
): Group {
  const { logGroupName, logGroupIdentifier } = asked;
  if ((logGroupName === undefined) === (logGroupIdentifier === undefined))
    throw invalid('Exactly one of logGroupName and logGroupIdentifier must be given.');
  const name = logGroupName ?? (logGroupIdentifier ?? '').replace(/^.*:log-group:/, '');
  const group = world.store.groups.get(name);
  if (group === undefined)
    throw new Refused('ResourceNotFoundException', 'The specified log group does not exist.');
  return group;
}

/** Infrequent access is for Insights only. */
function readable(group: Group): Group {
  if (group.class === 'STANDARD') return group;
  throw new Refused(
    'InvalidOperationException',
    `The operation is not supported for log class ${group.class}.`,
  );
}

export function filterLogEvents(world: World, body: unknown) {
  const input = parsed(filterInput, body);
  if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined)
    throw invalid('logStreamNames and logStreamNamePrefix cannot be specified together.');
  const group = readable(groupOf(world, input));
  const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER } = input;
  if (startTime > endTime) throw invalid('startTime must not be later than endTime.');
  const matches = matcherOf(input.filterPattern ?? '');
  if (matches === undefined) throw invalid('Invalid filter pattern');
  const isAsked = streamChooser(group, input);
  const page = pageOf(world, inOrder(group), {
    question: questionOf(input),
    token: input.nextToken,
    limit: input.limit ?? 10_000,
    // Both ends are in the window.
    isBefore: ({ timestamp }) => timestamp < startTime,
    isBehind: ({ timestamp }) => timestamp > endTime,
    isWanted: (event) => isAsked(event.stream) && matches(event.message),
  });
  const events = page.events.map(({ stream, timestamp, message, ingestionTime, id }) => {
    return { logStreamName: stream, timestamp, message, ingestionTime, eventId: id };
  });
  return { events, searchedLogStreams: [], ...(page.isLast ? {} : { nextToken: page.token }) };
}

function streamChooser(
  group: Group,
  { logStreamNames, logStreamNamePrefix = '' }: z.infer<typeof filterInput>,
) {
  if (logStreamNames === undefined) return (stream: string) => stream.startsWith(logStreamNamePrefix);
  for (const name of logStreamNames)
    if (!group.streams.has(name))
      throw new Refused('ResourceNotFoundException', 'The specified log stream does not exist.');
  const names = new Set(logStreamNames);
  return (stream: string) => names.has(stream);
}

export function getLogEvents(world: World, body: unknown) {
  const input = parsed(getInput, body);
  const group = readable(groupOf(world, input));
  if (!group.streams.has(input.logStreamName))
    throw new Refused('ResourceNotFoundException', 'The specified log stream does not exist.');
  if (input.startFromHead !== true)
    throw new Refused('NotStoodIn', 'This stand-in reads forwards only.', 501);
  const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER } = input;
  const page = pageOf(world, inOrder(group), {
    question: questionOf(input),
    token: input.nextToken,
    limit: input.limit ?? 10_000,
    isBefore: ({ timestamp }) => timestamp < startTime,
    // The end is not in the window.
    isBehind: ({ timestamp }) => timestamp >= endTime,
    isWanted: ({ stream }) => stream === input.logStreamName,
  });
  const atEnd = page.isLast && page.events.length === 0 && !page.isShort;
  const next = atEnd && input.nextToken !== undefined ? input.nextToken : page.token;
  // No eventId: this call does not tell it.
  const events = page.events.map(({ timestamp, message, ingestionTime }) => ({
    timestamp,
    message,
    ingestionTime,
  }));
  return { events, nextForwardToken: next, nextBackwardToken: page.token };
}

/** A token belongs to its question, with all its parameters. */
const questionOf = ({ nextToken: _, ...rest }: { readonly nextToken?: string | undefined }): string =>
  JSON.stringify(rest);

interface Paging {
  readonly question: string;
  readonly token: string | undefined;
  readonly limit: number;
  readonly isBefore: (event: StoredEvent) => boolean;
  readonly isBehind: (event: StoredEvent) => boolean;
  readonly isWanted: (event: StoredEvent) => boolean;
}

/** At most 1 MB or `limit`; fewer when the world says so: none, even, with more to come. */
function pageOf(world: World, all: readonly StoredEvent[], paging: Paging) {
  const behind = paging.token === undefined ? undefined : world.tokens.read(paging.token, paging.question);
  const start =
    behind === undefined
      ? placeOf(all, paging.isBefore)
      : placeOf(all, (event) => compare(event, behind) <= 0);
  const most = Math.min(paging.limit, world.pageLimit());
  const { events, at, last } = gather(all, start, { ...paging, limit: most });
  const next = all[at];
  const isLast = next === undefined || paging.isBehind(next);
  return { events, isLast, isShort: most === 0, token: world.tokens.make(paging.question, last ?? behind) };
}

/** `at`: where it stopped; `last`: the one before, wanted or not. */
function gather(all: readonly StoredEvent[], start: number, { limit, isBehind, isWanted }: Paging) {
  const events: StoredEvent[] = [];
  let [at, bytes] = [start, 0];
  const isFull = (): boolean => events.length === limit || (bytes > PAGE_BYTES && events.length > 0);
  for (let event = all[at]; event !== undefined && !isBehind(event); event = all[at]) {
    if (isWanted(event)) {
      bytes += Buffer.byteLength(event.message) + 26;
      if (isFull()) break;
      events.push(event);
    }
    at += 1;
  }
  return { events, at, last: at > start ? all[at - 1] : undefined };
}

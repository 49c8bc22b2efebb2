// DescribeLogGroups and DescribeLogStreams: pages of 50, and the order that excludes a prefix.

import * as z from 'zod';
import { groupOf, parsed } from './events.ts';
import { invalid } from './refusal.ts';
import type { World } from './world.ts';

const PAGE = 50;

const groupsInput = z.strictObject({
  logGroupNamePrefix: z
    .string()
    .regex(/^[\w./#-]{1,512}$/)
    .optional(),
  nextToken: z.string().optional(),
  limit: z.int().min(1).max(PAGE).optional(),
});

export function describeLogGroups(world: World, body: unknown) {
  const { logGroupNamePrefix = '', nextToken } = parsed(groupsInput, body);
  const groups = [...world.store.groups.values()]
    .filter(({ name }) => name.startsWith(logGroupNamePrefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, class: logGroupClass, retentionInDays }) => ({
      logGroupName: name,
      logGroupClass,
      retentionInDays,
    }));
  const page = paged(groups, nextToken);
  return { logGroups: page.items, ...page.more };
}

const streamsInput = z.strictObject({
  logGroupName: z.string().optional(),
  logGroupIdentifier: z.string().optional(),
  logStreamNamePrefix: z.string().optional(),
  orderBy: z.enum(['LogStreamName', 'LastEventTime']).optional(),
  descending: z.boolean().optional(),
  nextToken: z.string().optional(),
  limit: z.int().min(1).max(PAGE).optional(),
});

export function describeLogStreams(world: World, body: unknown) {
  const input = parsed(streamsInput, body);
  const { orderBy = 'LogStreamName', logStreamNamePrefix: prefix, descending = false } = input;
  if (orderBy === 'LastEventTime' && prefix !== undefined)
    throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
  const group = groupOf(world, input);
  const streams = [...group.streams]
    .map(([logStreamName, told]) => ({ logStreamName, ...told, storedBytes: 0 }))
    .filter(({ logStreamName }) => logStreamName.startsWith(prefix ?? ''))
    .sort((a, b) =>
      orderBy === 'LastEventTime'
        ? (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0)
        : a.logStreamName < b.logStreamName
          ? -1
          : 1,
    );
  const page = paged(descending ? streams.reverse() : streams, input.nextToken);
  return { logStreams: page.items, ...page.more };
}

function paged<T>(items: readonly T[], token: string | undefined) {
  const from = token === undefined ? 0 : Number(token);
  const more = from + PAGE < items.length ? { nextToken: String(from + PAGE) } : {};
  return { items: items.slice(from, from + PAGE), more };
}

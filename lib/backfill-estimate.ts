// What a backfill will cost, before it is begun: bytes of its hours, calls, time, money.
//
// CloudWatch tells of a group only how much it holds. So an hour of it is taken to be as big as any other.

import { RHYTHM } from './analyze.ts';
import type { BackfillPlan } from './backfill.ts';
import { between, toSeconds } from './base/instant.ts';
import type { ReplayConfig } from './config.ts';
import type { FunctionWorld } from './function-types.ts';
import type { LogGroup, LogsApi } from './sources/cloudwatch-logs/api.ts';
import { nameOf } from './sources/cloudwatch-logs/preflight.ts';

/** us-east-1, 2026: dollars. SQS: a message is sent, received and deleted. */
const PRICES = { insightsGb: 0.005, sqsRequest: 0.4e-6, lambdaGbSecond: 0.0000133334 } as const;

/** A page of FilterLogEvents, and how many a second all readers share (lib/sources/cloudwatch-logs/budget.ts). */
const PAGE_BYTES = 1_000_000;
const PAGES_PER_SECOND = 4;

/** Of `work` in serverless.yml. */
const MEMORY_GB = 1;

export interface Estimate {
  /** Hours of logs that are read: slices overlap, so that a start on their border is seen whole. */
  readonly hoursRead: number;
  /** Absent where a group does not say how much it holds, and so is all that follows from it. */
  readonly logBytes?: number;
  readonly apiCalls?: number;
  readonly seconds?: number;
  readonly usd?: number;
  /** What is not in it, and why. */
  readonly notes: readonly string[];
}

export interface Estimating {
  readonly config: ReplayConfig;
  readonly groups: readonly string[];
  readonly world: FunctionWorld;
}

/** Never fails: what is not known is left out, and said. */
export async function estimateOf(
  plan: BackfillPlan,
  { config, groups, world }: Estimating,
): Promise<Estimate> {
  const margin = 2 * toSeconds(RHYTHM.margin);
  const own = plan.slices.reduce((sum, { from, to }) => sum + toSeconds(between(from, to)) + margin, 0);
  const hoursRead = own / 3600;
  const sizes = await Promise.all(groups.map((group) => bytesPerHour(group, config, world)));
  const unknown = groups.filter((_, index) => sizes[index] === undefined);
  if (unknown.length > 0)
    return { hoursRead, notes: unknown.map((group) => `${group}: how much it holds is not known`) };
  const perHour = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  return { hoursRead, ...costOf({ plan, hoursRead, perHour, config, groups }) };
}

interface Known {
  readonly plan: BackfillPlan;
  readonly hoursRead: number;
  readonly perHour: number;
  readonly config: ReplayConfig;
  readonly groups: readonly string[];
}

function costOf({ plan, hoursRead, perHour, config, groups }: Known): Omit<Estimate, 'hoursRead'> {
  const logBytes = Math.ceil(perHour * hoursRead);
  const apiCalls = Math.ceil(logBytes / PAGE_BYTES) + plan.slices.length * groups.length;
  const time = Math.ceil(apiCalls / PAGES_PER_SECOND);
  const insights =
    config.remote?.cloudwatch?.insights === true ? (logBytes / 2 ** 30) * PRICES.insightsGb : 0;
  const usd =
    insights + plan.slices.length * 3 * PRICES.sqsRequest + time * MEMORY_GB * PRICES.lambdaGbSecond;
  return {
    logBytes,
    apiCalls,
    seconds: time,
    usd: Number(usd.toPrecision(3)),
    notes: ['an upper bound: a filter pattern or a stream prefix reads less; requests to S3 are not in it'],
  };
}

/** Undefined when CloudWatch does not tell. */
async function bytesPerHour(
  group: string,
  { remote }: ReplayConfig,
  { interrupted, now }: FunctionWorld,
): Promise<number | undefined> {
  const cloudwatch = remote?.cloudwatch;
  if (cloudwatch === undefined) return undefined;
  const { logsApi } = await import('./sources/cloudwatch-logs/client.ts');
  const { region, endpoint } = cloudwatch;
  const found = await groupOf(group, logsApi({ region, endpoint, signal: interrupted() }));
  if (found?.storedBytes === undefined) return undefined;
  const age = found.created === undefined ? undefined : Number(now() / 1_000_000n) - found.created;
  const hours = Math.min(
    (found.retentionDays ?? Number.POSITIVE_INFINITY) * 24,
    age === undefined ? Number.POSITIVE_INFINITY : age / 3_600_000,
  );
  return Number.isFinite(hours) && hours > 0 ? found.storedBytes / Math.max(hours, 1) : undefined;
}

async function groupOf(group: string, api: LogsApi): Promise<LogGroup | undefined> {
  const name = nameOf(group);
  const listed = await api.logGroups(name, undefined);
  return listed.ok ? listed.value.items.find((item) => item.name === name) : undefined;
}

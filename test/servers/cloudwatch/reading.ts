// What tests read of a stand-in: the source as the hall makes it, over the real client of the SDK.

import { after, type Instant, instant } from '../../../lib/base/instant.ts';
import type { LogEvent } from '../../../lib/sources/cloudwatch-logs/api.ts';
import { type LogsRates, logsBudget } from '../../../lib/sources/cloudwatch-logs/budget.ts';
import { logsApi } from '../../../lib/sources/cloudwatch-logs/client.ts';
import { newMeter } from '../../../lib/sources/cloudwatch-logs/meter.ts';
import { patient } from '../../../lib/sources/cloudwatch-logs/patient.ts';
import { cloudwatchLogs, type GroupQuestion, type LogsAccess } from '../../../lib/sources/cloudwatch-logs.ts';
import type { ByteStream, SourceProblem } from '../../../lib/sources/contract.ts';

export const millisecond = (at: number): Instant => instant(BigInt(at) * 1_000_000n);

export interface Virtual {
  /** Time that goes by only when somebody sleeps. */
  readonly now: () => Instant;
  readonly slept: () => number;
}

export interface Access extends LogsAccess, Virtual {}

export interface Options {
  readonly rates?: LogsRates;
  readonly signal?: AbortSignal;
  readonly mostRows?: number;
  readonly mostPages?: number;
  readonly onSleep?: () => void;
}

export function accessTo(
  url: string,
  { rates, signal = new AbortController().signal, onSleep, ...rest }: Options = {},
): Access {
  let now = millisecond(1_795_400_000_000);
  let slept = 0;
  const sleep = async (time: bigint): Promise<void> => {
    now = after(now, time as Parameters<typeof after>[1]);
    slept += Number(time) / 1e9;
    onSleep?.();
  };
  const meter = newMeter();
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  const api = logsApi({ region: 'eu-west-1', endpoint: url, signal, credentials });
  const budget = logsBudget({ now: () => now, sleep }, rates);
  const patience = { sleep, signal, random: () => 0.5 };
  return {
    api: patient(api, { budget, meter, patience }),
    meter,
    sleep,
    signal,
    now: () => now,
    slept: () => slept,
    ...rest,
  };
}

export interface Told {
  readonly events: readonly (LogEvent & { readonly where: string })[];
  readonly problems: readonly SourceProblem[];
  readonly streams: readonly ByteStream[];
  readonly counts: Readonly<Record<string, number>>;
}

export type Asked = Partial<Omit<GroupQuestion, 'from' | 'to'>> & {
  readonly group: string;
  readonly from: number;
  readonly to: number;
};

export async function readAll(access: Access, { from, to, ...asked }: Asked): Promise<Told> {
  const source = cloudwatchLogs(access, {
    prefix: undefined,
    pattern: undefined,
    insights: false,
    now: access.now(),
    ...asked,
    from: millisecond(from),
    to: millisecond(to),
  });
  const items = await Array.fromAsync(source.open());
  const streams = items.filter((item) => item.kind === 'stream');
  const events = [];
  for (const stream of streams) events.push(...(await eventsOf(stream)));
  const problems = [...items.filter((item) => item.kind === 'problem'), ...(source.afterwards?.() ?? [])];
  return { events, problems, streams, counts: source.counts?.() ?? {} };
}

async function eventsOf(stream: ByteStream) {
  let text = '';
  for await (const chunk of stream.chunks()) text += chunk.toString();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .map(({ timestamp, message, logStreamName, ingestionTime, eventId }) => {
      return {
        timestamp,
        message,
        stream: logStreamName,
        ingested: ingestionTime,
        id: eventId,
        where: stream.where,
      };
    });
}

/** The name of a Container Insights stream. */
export const podStream = (pod: string): string =>
  `ip-10-0-0-1-application.var.log.containers.${pod}_serving_engine-${'7ac0fd3569af866e9a6a22eb592744200d2dbe098cf066162453f8d0b06c531f'}.log`;

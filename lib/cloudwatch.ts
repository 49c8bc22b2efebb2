// Reads log groups of CloudWatch beside the request's own paths: the client, the budget that all groups share, the answer.

import { after, before, type Duration, earliest, type Instant, seconds } from './base/instant.ts';
import { AROUND, type CloudwatchConfig } from './cloudwatch-types.ts';
import { replayFrom, sourcesOf } from './pipeline.ts';
import type { Answer, ReplayDeps, ReplayRequest } from './pipeline-types.ts';
import type { LogsApi } from './sources/cloudwatch-logs/api.ts';
import { type RateBudget, rateBudget } from './sources/cloudwatch-logs/budget.ts';
import { newMeter } from './sources/cloudwatch-logs/meter.ts';
import { patient } from './sources/cloudwatch-logs/patient.ts';
import { cloudwatchLogs } from './sources/cloudwatch-logs.ts';
import type { Source } from './sources/index.ts';

export interface CloudwatchDeps extends Omit<ReplayDeps, 'progress'> {
  readonly patience: { readonly random: () => number };
  /** Resolves after the time, or when the signal says so. */
  readonly pause: (time: Duration, signal: AbortSignal) => Promise<void>;
  /** Begins to listen: fires at the first Ctrl-C. */
  readonly interrupted: () => AbortSignal;
}

export async function replayCloudwatch(
  config: CloudwatchConfig,
  request: ReplayRequest,
  deps: CloudwatchDeps & Pick<ReplayDeps, 'progress'>,
): Promise<Answer> {
  const groups = await cloudwatchSources(config, deps);
  return replayFrom([...sourcesOf(request, deps), ...groups], request, deps);
}

/** One source per group; all of them keep to one budget of calls. */
export async function cloudwatchSources(
  config: CloudwatchConfig,
  deps: Omit<CloudwatchDeps, 'stdin'>,
): Promise<readonly Source[]> {
  const signal = deps.interrupted();
  const { logsApi } = await import('./sources/cloudwatch-logs/client.ts');
  const api = logsApi({ region: config.region, endpoint: config.endpoint, signal });
  const sleep = (time: Duration): Promise<void> => deps.pause(time, signal);
  const shared = { api, budget: rateBudget({ now: deps.now, sleep }), sleep, signal };
  return config.groups.map((group) => groupSource(group, config, { ...shared, deps }));
}

interface Shared {
  readonly api: LogsApi;
  readonly budget: RateBudget;
  readonly sleep: (time: Duration) => Promise<void>;
  readonly signal: AbortSignal;
  readonly deps: Omit<CloudwatchDeps, 'stdin'>;
}

/** The budget is one; what a group has cost is counted by itself. */
function groupSource(group: string, config: CloudwatchConfig, shared: Shared): Source {
  const { api, budget, sleep, signal, deps } = shared;
  const meter = newMeter();
  const patience = { sleep, signal, random: deps.patience.random };
  const access = { api: patient(api, { budget, meter, patience }), meter, sleep, signal };
  const { prefix, pattern, insights } = config;
  return cloudwatchLogs(access, {
    group,
    ...windowRead(config, deps.now()),
    prefix,
    pattern,
    insights,
    now: deps.now(),
  });
}

/** No farther than now: there is nothing. Writers may be two hours ahead, but no start is. */
function windowRead({ since, until }: CloudwatchConfig, now: Instant) {
  return { from: before(since, AROUND), to: earliest(after(until, AROUND), after(now, seconds(1))) };
}

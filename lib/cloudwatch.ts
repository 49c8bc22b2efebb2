// Reads log groups of CloudWatch beside the request's own paths: the client, the budget that all groups share, the answer.

import { after, before, type Duration, earliest, type Instant, seconds } from './base/instant.ts';
import type { CloudwatchConfig } from './cloudwatch-types.ts';
import { replayFrom, sourcesOf } from './pipeline.ts';
import type { Answer, ReplayDeps, ReplayRequest } from './pipeline-types.ts';
import type { LogsApi } from './sources/cloudwatch-logs/api.ts';
import { type LogsBudget, logsBudget } from './sources/cloudwatch-logs/budget.ts';
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

/**
 * A start that ended in the window may have begun before it, and one that began in it may end after it: an hour
 * more on each side. A start that takes longer is told in part.
 */
export const AROUND = seconds(3600);

export async function replayCloudwatch(
  config: CloudwatchConfig,
  request: ReplayRequest,
  deps: CloudwatchDeps & Pick<ReplayDeps, 'progress'>,
): Promise<Answer> {
  const signal = deps.interrupted();
  const { logsApi } = await import('./sources/cloudwatch-logs/client.ts');
  const api = logsApi({ region: config.region, endpoint: config.endpoint, signal });
  const sleep = (time: Duration): Promise<void> => deps.pause(time, signal);
  const shared = { api, budget: logsBudget({ now: deps.now, sleep }), sleep, signal };
  const groups = config.groups.map((group) => groupSource(group, config, { ...shared, deps }));
  return replayFrom([...sourcesOf(request, deps), ...groups], request, deps);
}

interface Shared {
  readonly api: LogsApi;
  readonly budget: LogsBudget;
  readonly sleep: (time: Duration) => Promise<void>;
  readonly signal: AbortSignal;
  readonly deps: CloudwatchDeps;
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

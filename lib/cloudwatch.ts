// Log groups of CloudWatch as sources: the client, and the budget that all groups share.

import type { CloudwatchConfig } from './cloudwatch-types.ts';
import type { RemoteDeps } from './remote-types.ts';
import { upToNow } from './remote-window.ts';
import type { LogsApi } from './sources/cloudwatch-logs/api.ts';
import { type LogsBudget, logsBudget } from './sources/cloudwatch-logs/budget.ts';
import { newMeter } from './sources/cloudwatch-logs/meter.ts';
import { patient } from './sources/cloudwatch-logs/patient.ts';
import { cloudwatchLogs } from './sources/cloudwatch-logs.ts';
import type { Source } from './sources/index.ts';

/** The SDK is loaded only here. */
export async function cloudwatchSources(
  config: CloudwatchConfig,
  deps: RemoteDeps,
): Promise<readonly Source[]> {
  const { logsApi } = await import('./sources/cloudwatch-logs/client.ts');
  const api = logsApi({ region: config.region, endpoint: config.endpoint, signal: deps.signal });
  const shared = { api, budget: logsBudget(deps), deps };
  return config.groups.map((group) => groupSource(group, config, shared));
}

interface Shared {
  readonly api: LogsApi;
  readonly budget: LogsBudget;
  readonly deps: RemoteDeps;
}

/** The budget is one; what a group has cost is counted by itself. */
function groupSource(group: string, config: CloudwatchConfig, { api, budget, deps }: Shared): Source {
  const { sleep, signal, random } = deps;
  const meter = newMeter();
  const patience = { sleep, signal, random };
  const access = { api: patient(api, { budget, meter, patience }), meter, sleep, signal };
  const { prefix, pattern, insights } = config;
  const now = deps.now();
  return cloudwatchLogs(access, { group, ...upToNow(config, now), prefix, pattern, insights, now });
}

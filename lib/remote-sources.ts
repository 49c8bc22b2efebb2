// Every source of a request that lies elsewhere: log groups of CloudWatch, logs in buckets, any number of each.

import type { RemoteConfig, RemoteDeps, RemoteLoan } from './remote-types.ts';
import type { Source } from './sources/index.ts';

/** In the order in which they are asked; none of them has been asked anything yet. */
export async function remoteSources(
  { cloudwatch, s3Logs }: RemoteConfig,
  loan: RemoteLoan,
): Promise<readonly Source[]> {
  const deps = depsOf(loan);
  const sources: Source[] = [];
  if (cloudwatch !== undefined) {
    const { cloudwatchSources } = await import('./cloudwatch.ts');
    sources.push(...(await cloudwatchSources(cloudwatch, deps)));
  }
  if (s3Logs !== undefined) {
    const { s3LogSources } = await import('./s3-logs.ts');
    sources.push(...(await s3LogSources(s3Logs, deps)));
  }
  return sources;
}

/** All of them end at one interruption. */
function depsOf({ now, patience, pause, interrupted }: RemoteLoan): RemoteDeps {
  const signal = interrupted();
  return { now, signal, random: patience.random, sleep: (time) => pause(time, signal) };
}

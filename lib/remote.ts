// Reads what lies elsewhere beside the request's own paths: one calculation over all of it.

import { replayFrom, sourcesOf } from './pipeline.ts';
import type { Answer, ReplayDeps, ReplayRequest } from './pipeline-types.ts';
import { remoteSources } from './remote-sources.ts';
import type { RemoteConfig, RemoteLoan } from './remote-types.ts';

export async function replayRemote(
  config: RemoteConfig,
  request: ReplayRequest,
  deps: ReplayDeps & RemoteLoan,
): Promise<Answer> {
  const sources = await remoteSources(config, deps);
  return replayFrom([...sourcesOf(request, deps), ...sources], request, deps);
}

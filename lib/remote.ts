// Reads what lies elsewhere beside the request's own paths: one calculation over all of it.

import type { Duration } from './base/instant.ts';
import { replayFrom, sourcesOf } from './pipeline.ts';
import type { Answer, ReplayDeps, ReplayRequest } from './pipeline-types.ts';
import { remoteSources } from './remote-sources.ts';
import type { RemoteConfig } from './remote-types.ts';

export interface ReplayRemoteDeps extends ReplayDeps {
  readonly patience: { readonly random: () => number };
  /** Resolves after the time, or when the signal says so. */
  readonly pause: (time: Duration, signal: AbortSignal) => Promise<void>;
  /** Begins to listen: fires at the first Ctrl-C. */
  readonly interrupted: () => AbortSignal;
}

export async function replayRemote(
  config: RemoteConfig,
  request: ReplayRequest,
  deps: ReplayRemoteDeps,
): Promise<Answer> {
  const signal = deps.interrupted();
  const sleep = (time: Duration): Promise<void> => deps.pause(time, signal);
  const { now, patience } = deps;
  const sources = await remoteSources(config, { now, sleep, signal, random: patience.random });
  return replayFrom([...sourcesOf(request, deps), ...sources], request, deps);
}

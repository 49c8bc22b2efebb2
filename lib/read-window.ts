// Reads a window of time from everywhere that is configured: the evidence store, log groups, files.

import type { Duration, Instant } from './base/instant.ts';
import { evidenceSource } from './evidence-source.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Slice } from './ledger/window.ts';
import { replayFrom } from './pipeline.ts';
import type { Answer, ReplayRequest } from './pipeline-types.ts';
import { remoteSources } from './remote-sources.ts';
import type { RemoteConfig, RemoteDeps } from './remote-types.ts';
import { files, type Source } from './sources/index.ts';

/** Where logs and evidence come from, whatever the window. */
export interface WindowSources {
  /** Files and folders of logs on this host. */
  readonly paths: readonly string[];
  /** Log groups and buckets; their own window is not looked at. */
  readonly remote: RemoteConfig | undefined;
  readonly request: ReplayRequest;
}

export interface ReadingDeps {
  readonly now: () => Instant;
  readonly patience: { readonly random: () => number };
  readonly pause: (time: Duration, signal: AbortSignal) => Promise<void>;
  readonly interrupted: () => AbortSignal;
}

/** All startups that the window's evidence tells; which of them end in it is for the caller to choose. */
export async function readWindow(
  ledger: Ledger,
  sources: WindowSources,
  { window, deps }: { readonly window: Slice; readonly deps: ReadingDeps },
): Promise<Answer> {
  const all: readonly Source[] = [
    evidenceSource(ledger, window),
    ...(sources.paths.length > 0 ? [files(sources.paths)] : []),
    ...(await remoteSources(windowed(sources.remote, window), remoteDeps(deps))),
  ];
  return replayFrom(all, sources.request, { progress: () => undefined });
}

function windowed(
  { cloudwatch, s3Logs }: RemoteConfig = {},
  { from: since, to: until }: Slice,
): RemoteConfig {
  return {
    ...(cloudwatch !== undefined && { cloudwatch: { ...cloudwatch, since, until } }),
    ...(s3Logs !== undefined && { s3Logs: { ...s3Logs, since, until } }),
  };
}

function remoteDeps({ now, patience, pause, interrupted }: ReadingDeps): RemoteDeps {
  const signal = interrupted();
  return { now, signal, random: patience.random, sleep: (time) => pause(time, signal) };
}

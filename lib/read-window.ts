// Reads a window of time from everywhere that is configured: the evidence store, log groups, files.

import { evidenceSource } from './evidence-source.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Slice } from './ledger/window.ts';
import { replayFrom } from './pipeline.ts';
import type { Answer, ReplayRequest } from './pipeline-types.ts';
import { remoteSources } from './remote-sources.ts';
import type { RemoteConfig, RemoteLoan } from './remote-types.ts';
import { within } from './remote-window.ts';
import { files, type Source } from './sources/index.ts';

/** Where logs and evidence come from, whatever the window. */
export interface WindowSources {
  /** Files and folders of logs on this host. */
  readonly paths: readonly string[];
  /** Log groups and buckets; their own window is not looked at. */
  readonly remote: RemoteConfig | undefined;
  readonly request: ReplayRequest;
}

/** All startups that the window's evidence tells; which of them end in it is for the caller to choose. */
export async function readWindow(
  ledger: Ledger,
  sources: WindowSources,
  { window, deps }: { readonly window: Slice; readonly deps: RemoteLoan },
): Promise<Answer> {
  const { from: since, to: until } = window;
  const remote = sources.remote === undefined ? {} : within(sources.remote, { since, until });
  const all: readonly Source[] = [
    evidenceSource(ledger, window),
    ...(sources.paths.length > 0 ? [files(sources.paths)] : []),
    ...(await remoteSources(remote, deps)),
  ];
  return replayFrom(all, sources.request, { progress: () => undefined });
}

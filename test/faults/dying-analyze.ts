// A scheduled run as a process of its own, which kills itself (kill -9) before a given step: `dying-analyze.ts '{"folder":…}'`.

import { analyze } from '../../lib/analyze.ts';
import { instant } from '../../lib/base/instant.ts';
import { folderStore } from '../../lib/ledger/folder-store.ts';
import { newScene, type Recording, runnable } from './scene.ts';
import { steppedShipping, steppedStore } from './steps.ts';

export interface DyingAnalyze {
  readonly folder: string;
  readonly url: string;
  readonly recordings: readonly Recording[];
  /** Nanoseconds since the epoch, as text. */
  readonly now: string;
  /** The first step whose label begins so; none: it lives. */
  readonly before?: string;
}

async function main({ folder, url, recordings, now, before }: DyingAnalyze): Promise<void> {
  const watch = (label: string): void => {
    if (before !== undefined && label.startsWith(before)) process.kill(process.pid, 'SIGKILL');
  };
  const scene = newScene({ url, recordings, store: folderStore(folder), clock: instant(BigInt(now)) });
  const store = steppedStore(scene.store, watch);
  const { job, deps } = await runnable(scene, { run: 'dying', store });
  const told = await analyze(job, { ...deps, shipping: steppedShipping(deps.shipping, watch) });
  process.stdout.write(`${told.status}\n`);
}

if (process.argv[2] !== undefined) await main(JSON.parse(process.argv[2]) as DyingAnalyze);

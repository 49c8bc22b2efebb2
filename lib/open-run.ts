// Opens what a run needs: the ledger, the way to the destination, the reading of a window.

import { RHYTHM } from './analyze.ts';
import type { Rhythm, RunDeps, RunJob } from './analyze-types.ts';
import { failed, ok, type Result } from './base/result.ts';
import type { ReplayConfig } from './config.ts';
import { destinationOf } from './deliver.ts';
import type { ExportSettings } from './export-settings.ts';
import { DESTINATIONS } from './exporters/destinations/index.ts';
import type { Patience } from './exporters/retrying.ts';
import type { Ledger } from './ledger/ledger.ts';
import { newLedger, openedStore } from './open-ledger.ts';
import type { WindowSources } from './read-window.ts';
import { refreshingOnce } from './refreshing-once.ts';
import type { RemoteLoan } from './remote-types.ts';
import { type Shipping, shippingTo } from './shipping.ts';
import type { Env } from './terminal.ts';

export interface OpeningDeps extends RemoteLoan {
  readonly env: Env;
  readonly patience: Patience;
  /**
   * The variables with the destination's secret as it is now, asked once in a run and only after the
   * destination has refused the one before; undefined when it is still that one. Without: no such secret.
   */
  readonly newSecret?: () => Promise<Env | undefined>;
}

export type Timing = Pick<RunJob, 'terms' | 'deadline'>;

export interface OpenedRun {
  readonly job: RunJob;
  readonly run: RunDeps;
}

/** The error says what is missing to begin. Nothing is read or sent before `job` is done. */
export async function openRun(
  config: ReplayConfig,
  deps: OpeningDeps,
  timing: Timing,
): Promise<Result<OpenedRun, string>> {
  if (config.store === undefined) return failed('--store: expected a place, got none');
  const store = await openedStore(config.store, deps.patience);
  if (!store.ok) return store;
  const ledger = newLedger(store.value, config.command, deps);
  const settings: ExportSettings = { trace: config.trace, sending: sendingOf(config) };
  const shipping = await openShipping(config, deps, ledger);
  if (!shipping.ok) return shipping;
  const { request, remote } = config;
  const sources = { paths: request.paths, remote, request };
  return ok({
    job: { source: 'analyze', ...timing, rhythm: rhythmOf(config), settings },
    run: {
      ledger,
      shipping: shipping.value,
      read: readingFrom(sources, ledger, deps),
    },
  });
}

/** All formats are loaded by the first reading: a run that finds the lease held does without. */
export const readingFrom =
  (sources: WindowSources, ledger: Ledger, deps: OpeningDeps): RunDeps['read'] =>
  async (window) => {
    const { readWindow } = await import('./read-window.ts');
    return readWindow(ledger, sources, { window, deps });
  };

async function openShipping(
  config: ReplayConfig,
  deps: OpeningDeps,
  ledger: Ledger,
): Promise<Result<Shipping, string>> {
  const { newSecret } = deps;
  const first = await shippingWith(deps.env, config, { deps, ledger });
  if (!first.ok || newSecret === undefined) return first;
  return ok(
    refreshingOnce(first.value, async () => {
      const env = await newSecret();
      const next = env === undefined ? undefined : await shippingWith(env, config, { deps, ledger });
      return next?.ok === true ? next.value : undefined;
    }),
  );
}

async function shippingWith(
  env: Env,
  config: ReplayConfig,
  { deps: { patience }, ledger }: { readonly deps: OpeningDeps; readonly ledger: Ledger },
): Promise<Result<Shipping, string>> {
  const sending = sendingOf(config);
  const destination = await destinationOf({ ...config, sending }, env);
  if (!destination.ok) return destination;
  if (destination.value === undefined) return failed('--otlp: expected a destination, got none');
  return ok(await shippingTo(destination.value, { trace: config.trace, sending }, { ledger, patience }));
}

const rhythmOf = ({ lateness }: ReplayConfig): Rhythm =>
  lateness === undefined ? RHYTHM : { ...RHYTHM, lateness };

/** A run that goes on by itself sends histograms wherever they are taken. */
function sendingOf({ sending }: ReplayConfig): ReplayConfig['sending'] {
  return { ...sending, metrics: DESTINATIONS[sending.destination].points !== undefined };
}

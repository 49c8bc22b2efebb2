// `analyze` and `backfill` as commands: opens the ledger and the destination, runs, and says what came of it.

import { analyze, RHYTHM } from './analyze.ts';
import type { RunDeps as AnalyzeDeps, Rhythm, RunJob, RunTold } from './analyze-types.ts';
import { backfillSlice, planBackfill } from './backfill.ts';
import { after, type Duration, duration, formatInstant, type Instant } from './base/instant.ts';
import { failed, ok, type Result } from './base/result.ts';
import type { ReplayConfig } from './config.ts';
import { type Destination, destinationOf } from './deliver.ts';
import { DONE, GATE_FAILED, TROUBLE } from './exit-code.ts';
import type { ExportSettings } from './export-settings.ts';
import { DESTINATIONS } from './exporters/destinations/index.ts';
import type { Patience } from './exporters/retrying.ts';
import { newLedger, openedStore } from './open-ledger.ts';
import { readWindow } from './read-window.ts';
import { countText, plural } from './reports/words.ts';
import { shippingTo } from './shipping.ts';
import type { Env } from './terminal.ts';

export interface ScheduledDeps {
  readonly env: Env;
  readonly now: () => Instant;
  readonly patience: Patience;
  readonly pause: (time: Duration, signal: AbortSignal) => Promise<void>;
  readonly interrupted: () => AbortSignal;
}

export interface Said {
  readonly summary: string;
  readonly lines: readonly string[];
  readonly exitCode: number;
}

const minutes = (count: number): Duration => duration(BigInt(count) * 60_000_000_000n);

/** A host's run is not killed at a known moment, as a function is: it renews its lease at every stride. */
const TERMS = { ttl: minutes(15), skew: minutes(1) } as const;

/** No stride is begun after it. */
const LONGEST_RUN = minutes(14);

/** The error says what is missing to begin. */
export async function runScheduled(config: ReplayConfig, deps: ScheduledDeps): Promise<Result<Said, string>> {
  if (config.window !== undefined && config.dryRun) return ok(plannedText(config));
  const prepared = await prepare(config, deps);
  if (!prepared.ok) return prepared;
  const { job, run } = prepared.value;
  const told =
    config.command === 'backfill' ? await backfillAll(config, job, run) : [await analyze(job, run)];
  await run.shipping.close();
  return ok(saidOf(config, told));
}

interface Prepared {
  readonly job: RunJob;
  readonly run: AnalyzeDeps;
}

async function prepare(config: ReplayConfig, deps: ScheduledDeps): Promise<Result<Prepared, string>> {
  const sending = sendingOf(config);
  const destination = await destinationOf({ ...config, sending }, deps.env);
  if (!destination.ok) return destination;
  if (destination.value === undefined || config.store === undefined)
    return failed('--otlp and --store: expected both');
  const store = await openedStore(config.store, deps.patience);
  if (!store.ok) return store;
  const ledger = newLedger(store.value, config.command, deps);
  const settings: ExportSettings = { trace: config.trace, sending };
  const shipping = await shippingTo(destination.value satisfies Destination, settings, {
    ledger,
    patience: deps.patience,
  });
  const { request, remote } = config;
  const sources = { paths: request.paths, remote, request };
  const job = {
    source: 'analyze',
    terms: TERMS,
    rhythm: rhythmOf(config),
    settings,
    deadline: after(deps.now(), LONGEST_RUN),
  };
  return ok({
    job,
    run: { ledger, shipping, read: (window) => readWindow(ledger, sources, { window, deps }) },
  });
}

const rhythmOf = ({ lateness }: ReplayConfig): Rhythm =>
  lateness === undefined ? RHYTHM : { ...RHYTHM, lateness };

/** A run that goes on by itself sends histograms wherever they are taken. */
function sendingOf({ sending }: ReplayConfig): ReplayConfig['sending'] {
  return { ...sending, metrics: DESTINATIONS[sending.destination].points !== undefined };
}

async function backfillAll(
  { window }: ReplayConfig,
  job: RunJob,
  run: AnalyzeDeps,
): Promise<readonly RunTold[]> {
  const told: RunTold[] = [];
  if (window === undefined) return told;
  for (const slice of planBackfill(window, job.rhythm.stride).slices)
    told.push(await backfillSlice(slice, { ...job, deadline: after(run.ledger.now(), LONGEST_RUN) }, run));
  return told;
}

function plannedText(config: ReplayConfig): Said {
  const window = config.window ?? { from: 0n as Instant, to: 0n as Instant };
  const { id, slices } = planBackfill(window, RHYTHM.stride);
  const summary = `plan ${id}: ${plural(slices.length, 'slice')} of ${formatInstant(window.from)} to ${formatInstant(window.to)}`;
  return { summary, lines: [], exitCode: DONE };
}

function saidOf({ command, strict }: ReplayConfig, runs: readonly RunTold[]): Said {
  const counts = new Map<string, number>();
  for (const run of runs)
    for (const [name, count] of Object.entries(run.counts)) counts.set(name, (counts.get(name) ?? 0) + count);
  const status = worstOf(runs);
  const shown = [...counts]
    .filter(([name]) => !name.startsWith('read.'))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${countText(count)}`);
  const mark = runs[0]?.watermark;
  const where =
    mark === undefined ? [] : [`watermark ${formatInstant(mark.from)} → ${formatInstant(mark.to)}`];
  return {
    summary: [`${command}: ${status}`, ...where, ...(shown.length === 0 ? ['nothing to tell'] : shown)].join(
      '; ',
    ),
    lines: runs.flatMap(({ notes }) => notes.map((note) => `coldtrace: ${note}`)),
    exitCode: status === 'failed' ? TROUBLE : status === 'partial' && strict ? GATE_FAILED : DONE,
  };
}

const ORDER = ['failed', 'partial', 'skipped', 'ok'] as const;

const worstOf = (runs: readonly RunTold[]): RunTold['status'] =>
  ORDER.find((status) => runs.some((run) => run.status === status)) ?? 'ok';

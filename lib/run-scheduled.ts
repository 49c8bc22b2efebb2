// `analyze` and `backfill` as commands: opens the ledger and the destination, runs, and says what came of it.

import { analyze, RHYTHM } from './analyze.ts';
import type { RunDeps as AnalyzeDeps, RunJob, RunTold } from './analyze-types.ts';
import { backfillSlice, planBackfill } from './backfill.ts';
import { after, formatInstant, type Instant, seconds } from './base/instant.ts';
import { ok, type Result } from './base/result.ts';
import type { ReplayConfig } from './config.ts';
import { DONE, GATE_FAILED, TROUBLE } from './exit-code.ts';
import { type OpeningDeps, openRun } from './open-run.ts';
import { countText, plural } from './reports/words.ts';
import { spanText } from './run-work.ts';

export interface Said {
  readonly summary: string;
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** A host's run is not killed at a known moment, as a function is: it renews its lease at every stride. */
const TERMS = { ttl: seconds(15 * 60), skew: seconds(1 * 60) } as const;

/** No stride is begun after it. */
const LONGEST_RUN = seconds(14 * 60);

/** The error says what is missing to begin. */
export async function runScheduled(config: ReplayConfig, deps: OpeningDeps): Promise<Result<Said, string>> {
  if (config.window !== undefined && config.dryRun) return ok(plannedText(config));
  const opened = await openRun(config, deps, { terms: TERMS, deadline: after(deps.now(), LONGEST_RUN) });
  if (!opened.ok) return opened;
  const { job, run } = opened.value;
  const told =
    config.command === 'backfill' ? await backfillAll(config, job, run) : [await analyze(job, run)];
  await run.shipping.close();
  return ok(saidOf(config, told));
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
  const summary = `plan ${id}: ${plural(slices.length, 'slice')} of ${spanText(window)}`;
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

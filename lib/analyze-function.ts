// `analyze` as a function: from the watermark to now, for as long as the function lives.

import { analyze } from './analyze.ts';
import type { RunTold } from './analyze-types.ts';
import { formatInstant, type Instant } from './base/instant.ts';
import { ok, type Result } from './base/result.ts';
import { functionConfig } from './function-settings.ts';
import type { FunctionTold, FunctionWorld } from './function-types.ts';
import { openFunctionRun } from './open-function.ts';
import { measuresOf } from './told-of-run.ts';

/** The error says what is missing to begin. */
export async function analyzeFunction(world: FunctionWorld): Promise<Result<FunctionTold, string>> {
  const config = functionConfig('analyze', world);
  if (!config.ok) return config;
  const opened = await openFunctionRun(config.value, world);
  if (!opened.ok) return opened;
  const { job, run } = opened.value;
  const told = await analyze(job, run);
  await run.shipping.close();
  const isReading = config.value.remote !== undefined;
  return ok(toldOf(told, { now: world.now(), isReading }));
}

function toldOf(told: RunTold, about: { readonly now: Instant; readonly isReading: boolean }): FunctionTold {
  const { status, counts, notes, watermark, complete } = told;
  const mark = watermark && {
    watermark: { from: formatInstant(watermark.from), to: formatInstant(watermark.to) },
  };
  return {
    status,
    counts,
    notes,
    answer: { status, complete, ...mark },
    measures: measuresOf(told, about),
  };
}

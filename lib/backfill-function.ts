// `backfill` as a function: plans a window, puts its slices on the queue, and says what they will cost.

import { createHash } from 'node:crypto';
import { RHYTHM } from './analyze.ts';
import { type BackfillPlan, planBackfill } from './backfill.ts';
import { estimateOf } from './backfill-estimate.ts';
import { before, duration, formatInstant, type Instant } from './base/instant.ts';
import { failed, ok, type Result } from './base/result.ts';
import type { ReplayConfig } from './config.ts';
import { type BackfillEvent, backfillEvent, readEvent, type SliceMessage } from './function-events.ts';
import { DAY, endpointFor, functionConfig, regionOf, retentionOf, variable } from './function-settings.ts';
import type { FunctionTold, FunctionWorld } from './function-types.ts';
import type { Slice } from './ledger/window.ts';
import { readWhen } from './when.ts';

/** The error names the field of the event, or the variable, and what it should have been. Nothing is read here. */
export async function backfillFunction(
  given: unknown,
  world: FunctionWorld,
): Promise<Result<FunctionTold, string>> {
  const event = readEvent(backfillEvent, given);
  if (!event.ok) return event;
  const config = functionConfig('backfill', world);
  if (!config.ok) return config;
  const window = windowOf(event.value, world);
  if (!window.ok) return window;
  const wrong = contradictions(event.value, config.value);
  if (wrong !== undefined) return failed(wrong);
  const plan = planOf(window.value, event.value);
  const sent = event.value.dryRun === true ? ok(0) : await send(plan, event.value, world);
  if (!sent.ok) return sent;
  const groups = event.value.sources ?? config.value.remote?.cloudwatch?.groups ?? [];
  return ok(
    toldOf({ plan, sent: sent.value }, await estimateOf(plan, { config: config.value, groups, world })),
  );
}

function windowOf({ from, to }: BackfillEvent, { env, now: clock }: FunctionWorld): Result<Slice, string> {
  const now = clock();
  const retention = retentionOf(env);
  if (!retention.ok) return retention;
  const since = readWhen(from, now);
  const until = readWhen(to, now);
  if (since === undefined) return failed(`event.from: expected ${WHEN}, got ${said(from)}`);
  if (until === undefined) return failed(`event.to: expected ${WHEN}, got ${said(to)}`);
  if (until > now) return failed(`event.to: expected no time in the future, got ${said(to)}`);
  if (since >= until) return failed(`event.from: expected a time before event.to, got ${said(from)}`);
  const { days } = retention.value;
  const oldest = before(now, duration(BigInt(days) * DAY));
  if (since < oldest)
    return failed(
      `event.from: expected no time before ${formatInstant(oldest)}, since sources keep ${days} days (COLDTRACE_RETENTION_DAYS), got ${said(from)}`,
    );
  return ok({ from: since, to: until });
}

const WHEN = 'a time such as 2026-08-21T10:00:00Z, or a time ago such as 2h, 30m or 7d';

const said = (text: string): string => JSON.stringify(text.slice(0, 64));

/** Another destination is another installation: its ledger is what keeps metrics from being counted twice. */
function contradictions(
  { sources = [], destination }: BackfillEvent,
  config: ReplayConfig,
): string | undefined {
  const groups = config.remote?.cloudwatch?.groups ?? [];
  const unknown = sources.find((source) => !groups.includes(source));
  if (unknown !== undefined)
    return `event.sources: expected of the configured log groups (${groups.join(', ') || 'there are none'}), got ${said(unknown)}`;
  const configured = config.sending.destination;
  return destination === undefined || destination === configured
    ? undefined
    : `event.destination: expected ${configured}, which is configured, got ${said(destination)}`;
}

/** Other sources are another plan of the same window. */
function planOf(window: Slice, { sources }: BackfillEvent): BackfillPlan {
  const plan = planBackfill(window, RHYTHM.stride);
  if (sources === undefined) return plan;
  const text = [plan.id, ...[...new Set(sources)].sort()].join('\n');
  return { ...plan, id: createHash('sha256').update(text).digest('hex').slice(0, 12) };
}

async function send(
  { id, slices }: BackfillPlan,
  { sources }: BackfillEvent,
  { env }: FunctionWorld,
): Promise<Result<number, string>> {
  const url = variable(env, 'COLDTRACE_QUEUE_URL');
  if (url === undefined) return failed('COLDTRACE_QUEUE_URL: expected the URL of a queue, got none');
  const messages = slices.map(
    ({ from, to }): SliceMessage => ({
      version: 1,
      plan: id,
      from: textOf(from),
      to: textOf(to),
      ...(sources !== undefined && { sources }),
    }),
  );
  const { sendAll } = await import('./aws/queue.ts');
  const place = { url, region: regionOf(env), endpoint: endpointFor(env, 'SQS') };
  return sendAll(
    place,
    messages.map((message) => JSON.stringify(message)),
  );
}

const textOf = (at: Instant): string => formatInstant(at);

type Estimate = Awaited<ReturnType<typeof estimateOf>>;

function toldOf(
  { plan, sent }: { readonly plan: BackfillPlan; readonly sent: number },
  { notes, ...estimate }: Estimate,
): FunctionTold {
  const slices = plan.slices.length;
  const answer = { planId: plan.id, slices, dryRun: sent === 0, estimate, notes };
  return { status: 'ok', answer, counts: { slices, messages: sent }, notes, measures: {} };
}

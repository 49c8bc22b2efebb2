// Sends what was found, or says what would be sent, and tells what became of it.

import type { Instant } from './base/instant.ts';
import { failed, ok, type Result } from './base/result.ts';
import type { ReplayConfig } from './config.ts';
import { deliveryLines } from './delivery-lines.ts';
import { dryRunLines } from './dry-run-lines.ts';
import type { Outcome } from './exporters/contract.ts';
import { EXPORTERS, openPoints } from './exporters/index.ts';
import type { OtlpSettings } from './exporters/otlp-settings.ts';
import type { Patience } from './exporters/retrying.ts';
import type { Startup } from './model/startup.ts';
import type { PodTrace } from './model/trace.ts';
import type { PlannedDelivery } from './plan-delivery.ts';
import type { Env } from './terminal.ts';

/** Where to, checked before anything is read. `undefined`: nothing is to be sent. */
export type Destination =
  | {
      readonly traces: OtlpSettings | undefined;
      readonly metrics: OtlpSettings | undefined;
      readonly dryRun: boolean;
    }
  | undefined;

export interface Sent {
  readonly lines: readonly string[];
  /** False when anything was not delivered that should have been. */
  readonly good: boolean;
}

/** The error is one message with everything that is wrong. A dry run needs no destination. */
export async function destinationOf(
  { otlp, dryRun, sending }: ReplayConfig,
  env: Env,
): Promise<Result<Destination, string>> {
  if (otlp === undefined && !dryRun) return ok(undefined);
  const mismatch = await mismatchOf(sending);
  if (mismatch !== undefined) return failed(mismatch);
  const { otlpSettings } = await import('./exporters/otlp-settings.ts');
  const { otlpEnv } = await import('./settings/otlp-env.ts');
  const read = (signal: 'traces' | 'metrics') =>
    otlpSettings(otlpEnv(env, sending.otlp, signal), otlp ?? {}, signal);
  const traces = read('traces');
  const metrics = sending.metrics ? read('metrics') : ok(undefined);
  if (traces.ok && metrics.ok) return ok({ traces: traces.value, metrics: metrics.value, dryRun });
  if (otlp === undefined) return ok({ traces: undefined, metrics: undefined, dryRun });
  const wrong = [traces, metrics].flatMap((each) => (each.ok ? [] : [each.error]));
  return failed([...new Set(wrong)].join('; '));
}

/** A destination that takes nothing of what is to be sent. */
async function mismatchOf({ destination, metrics }: ReplayConfig['sending']): Promise<string | undefined> {
  const { DESTINATIONS } = await import('./exporters/destinations/index.ts');
  const { title, spans, points } = DESTINATIONS[destination];
  if (metrics && points === undefined)
    return `metrics: expected a destination that takes points, got ${destination}: ${title} takes none`;
  if (!metrics && spans === undefined)
    return `destination: expected --metrics beside ${destination}: ${title} takes no traces`;
  return undefined;
}

export interface Delivering {
  readonly destination: Destination;
  readonly patience: Patience;
  /** The moment of sending: what is too old is measured from it. */
  readonly now: Instant;
}

/** Never throws: what could not be sent is told. */
export async function deliver(
  startups: readonly Startup[],
  config: ReplayConfig,
  { destination, patience, now }: Delivering,
): Promise<Sent> {
  if (destination === undefined || startups.length === 0) return { lines: [], good: true };
  const { planDelivery } = await import('./plan-delivery.ts');
  const planned = planDelivery(startups, config, now);
  const isDry = destination.dryRun || destination.traces === undefined;
  const told = isDry
    ? { lines: await dryRunLines(planned, destination, config), good: true }
    : await sendBoth(planned, destination, patience);
  const good = told.good && !planned.plan.refused;
  return { lines: [...told.lines, ...planned.notes], good };
}

type Open = Exclude<Destination, undefined>;

async function sendBoth(
  planned: PlannedDelivery,
  { traces, metrics }: Open,
  patience: Patience,
): Promise<Sent> {
  const { planNotes } = await import('./exporters/age/plan-text.ts');
  const spans = await sendTraces(planned.plan.traces, traces, patience);
  const points = await sendPoints(planned, metrics, patience);
  return {
    lines: [...spans.lines, ...points.lines, ...planNotes(planned.plan, planned.words)],
    good: spans.good && points.good,
  };
}

const NOTHING: Sent = { lines: [], good: true };

async function sendTraces(
  traces: readonly PodTrace[],
  settings: OtlpSettings | undefined,
  patience: Patience,
): Promise<Sent> {
  if (traces.length === 0 || settings === undefined) return NOTHING;
  const exporter = await EXPORTERS['otlp-http']({ settings, patience, say: () => undefined });
  const deliveries = await exporter.deliver(traces);
  await exporter.close();
  return sentOf(deliveries, deliveryLines(deliveries, exporter.name));
}

async function sendPoints(
  { plan: { points }, resource }: PlannedDelivery,
  settings: OtlpSettings | undefined,
  patience: Patience,
): Promise<Sent> {
  if (points.length === 0 || settings === undefined) return NOTHING;
  const exporter = await openPoints({ settings, patience, resource });
  const deliveries = await exporter.deliver(points);
  await exporter.close();
  return sentOf(deliveries, deliveryLines(deliveries, exporter.name));
}

const sentOf = (deliveries: readonly Outcome[], lines: readonly string[]): Sent => ({
  lines,
  good: deliveries.every(({ status }) => status === 'delivered'),
});

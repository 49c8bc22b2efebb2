// Sends what was found, or says what would be sent, and tells what became of it.

import { failed, ok, type Result } from './base/result.ts';
import type { ReplayConfig } from './config.ts';
import type { Delivery } from './exporters/contract.ts';
import { EXPORTERS } from './exporters/index.ts';
import type { OtlpSettings } from './exporters/otlp-settings.ts';
import type { Patience } from './exporters/retrying.ts';
import type { Startup } from './model/startup.ts';
import type { PodTrace } from './model/trace.ts';
import type { Env } from './terminal.ts';

/** Where to, checked before anything is read. `undefined`: nothing is to be sent. */
export type Destination =
  | { readonly settings: OtlpSettings | undefined; readonly dryRun: boolean }
  | undefined;

export interface Sent {
  readonly lines: readonly string[];
  /** False when anything was not delivered that should have been. */
  readonly good: boolean;
}

/** The error is one message with everything that is wrong. A dry run needs no destination. */
export async function destinationOf(
  { otlp, dryRun }: ReplayConfig,
  env: Env,
): Promise<Result<Destination, string>> {
  if (otlp === undefined && !dryRun) return ok(undefined);
  const { otlpSettings } = await import('./exporters/otlp-settings.ts');
  const settings = otlpSettings(env, otlp ?? {});
  if (settings.ok) return ok({ settings: settings.value, dryRun });
  return otlp === undefined ? ok({ settings: undefined, dryRun }) : failed(settings.error);
}

/** Never throws: what could not be sent is told. */
export async function deliver(
  startups: readonly Startup[],
  { trace }: ReplayConfig,
  { destination, patience }: { readonly destination: Destination; readonly patience: Patience },
): Promise<Sent> {
  if (destination === undefined || startups.length === 0) return { lines: [], good: true };
  const { hasTime, toTraces } = await import('./telemetry/to-trace.ts');
  const timeless = startups.filter((startup) => !hasTime(startup)).length;
  const traces = toTraces(startups, trace);
  const planned = destination.dryRun || destination.settings === undefined;
  const sent = planned
    ? await plan(traces, destination.settings)
    : await send(traces, destination.settings, patience);
  return timeless === 0 ? sent : { ...sent, lines: [...sent.lines, notSent(timeless)] };
}

/** Spans need a place in time; nothing is sent with an invented one. */
const notSent = (timeless: number): string =>
  `${timeless} ${timeless === 1 ? 'startup has' : 'startups have'} no time at all and cannot be a trace: take the log with kubectl logs --timestamps`;

async function plan(traces: readonly PodTrace[], settings: OtlpSettings | undefined): Promise<Sent> {
  const { dryRun, planText } = await import('./exporters/dry-run.ts');
  const { shownUrl } = await import('./exporters/otlp-url.ts');
  const to = settings === undefined ? 'a destination (none is named: see --otlp)' : shownUrl(settings.url);
  const lines: string[] = [];
  const protocol = settings?.protocol ?? 'http/protobuf';
  await dryRun({ protocol, say: (told) => lines.push(`would send to ${to}: ${planText(told)}`) }).deliver(
    traces,
  );
  return { lines, good: true };
}

async function send(traces: readonly PodTrace[], settings: OtlpSettings, patience: Patience): Promise<Sent> {
  if (traces.length === 0) return { lines: [], good: true };
  const exporter = await EXPORTERS['otlp-http']({ settings, patience, say: () => undefined });
  const deliveries = await exporter.deliver(traces);
  await exporter.close();
  return {
    lines: deliveryLines(deliveries, exporter.name),
    good: deliveries.every(({ status }) => status === 'delivered'),
  };
}

/** One line for each kind of outcome and reason, with the spans that had it. */
export function deliveryLines(deliveries: readonly Delivery[], to: string): readonly string[] {
  const alike = new Map<string, { readonly first: Delivery; spans: number; rejected: number }>();
  for (const delivery of deliveries) {
    const key = `${delivery.status}\0${saidOf(delivery)}`;
    const sum = alike.get(key) ?? { first: delivery, spans: 0, rejected: 0 };
    sum.spans += delivery.spans;
    sum.rejected += delivery.status === 'partial' ? delivery.rejected : 0;
    alike.set(key, sum);
  }
  return [...alike.values()].map(({ first, spans, rejected }) =>
    deliveryText(first, { spans, rejected, to }),
  );
}

const saidOf = (delivery: Delivery): string =>
  delivery.status === 'delivered' ? (delivery.warning ?? '') : delivery.reason;

function deliveryText(
  delivery: Delivery,
  { spans, rejected, to }: { spans: number; rejected: number; to: string },
): string {
  const count = `${spans} ${spans === 1 ? 'span' : 'spans'}`;
  switch (delivery.status) {
    case 'delivered':
      return `${to}: ${count} delivered${delivery.warning === undefined ? '' : `, with a warning: ${delivery.warning}`}`;
    case 'partial':
      return `${to}: ${spans - rejected} of ${count} taken, ${rejected} rejected: ${delivery.reason}`;
    case 'retryable':
      return `${to}: ${count} not delivered: ${delivery.reason}. Run it again later: ids stay the same`;
    case 'ambiguous':
      return `${to}: of ${count} it is not known whether they arrived: ${delivery.reason}`;
    case 'refused':
      return `${to}: ${count} refused: ${delivery.reason}`;
    case 'skipped':
      return `${to}: ${count} not sent: ${delivery.reason}`;
  }
}

// What a dry run says: how much would go where, and what would stay behind.

import type { ReplayConfig } from './config.ts';
import type { OtlpSettings } from './exporters/otlp-settings.ts';
import type { PodTrace } from './model/trace.ts';
import type { PlannedDelivery } from './plan-delivery.ts';

export interface Places {
  readonly traces: OtlpSettings | undefined;
  readonly metrics: OtlpSettings | undefined;
}

/** Traces, points, and what the destination would take of them. */
export async function dryRunLines(
  planned: PlannedDelivery,
  { traces, metrics }: Places,
  { sending }: Pick<ReplayConfig, 'sending'>,
): Promise<readonly string[]> {
  const { planTable } = await import('./exporters/age/plan-text.ts');
  const hasTable = sending.metrics || sending.destination !== 'otlp';
  return [
    ...(planned.words.profile.spans === undefined ? [] : await dryTraces(planned.plan.traces, traces)),
    ...(sending.metrics ? await dryPoints(planned, metrics) : []),
    ...(hasTable
      ? ['what the destination takes of it:', ...planTable(planned.plan, planned.words), ...planned.caveats]
      : []),
  ];
}

async function dryTraces(
  traces: readonly PodTrace[],
  settings: OtlpSettings | undefined,
): Promise<readonly string[]> {
  const { dryRun, planText } = await import('./exporters/dry-run.ts');
  const to = await placeOf(settings);
  const lines: string[] = [];
  const protocol = settings?.protocol ?? 'http/protobuf';
  const exporter = dryRun({ protocol, say: (told) => lines.push(`would send to ${to}: ${planText(told)}`) });
  await exporter.deliver(traces);
  return lines;
}

async function dryPoints(
  { plan, resource }: PlannedDelivery,
  settings: OtlpSettings | undefined,
): Promise<readonly string[]> {
  const { pointsPlanText } = await import('./exporters/dry-run-points.ts');
  const to = await placeOf(settings);
  const protocol = settings?.protocol ?? 'http/protobuf';
  return [`would send to ${to}: ${pointsPlanText(plan.points, { protocol, resource })}`];
}

async function placeOf(settings: OtlpSettings | undefined): Promise<string> {
  const { shownUrl } = await import('./exporters/otlp-url.ts');
  return settings === undefined ? 'a destination (none is named: see --otlp)' : shownUrl(settings.url);
}

// The exporters that we can send to; the SDK is loaded only when one of them is opened.

import type { MetricPoint } from '../model/metric.ts';
import type { Attributes } from '../model/trace.ts';
import type { Exporter, PointPart } from './contract.ts';
import type { SendingPlan } from './dry-run.ts';
import type { OtlpSettings } from './otlp-settings.ts';
import type { Patience } from './retrying.ts';

/** What an exporter may need to be opened; each takes its part. */
export interface Opening {
  readonly settings: OtlpSettings;
  readonly patience: Patience;
  /** Where a dry run says what would have been sent. */
  readonly say: (plan: SendingPlan) => void;
}

export type OpenExporter = (opening: Opening) => Promise<Exporter>;

export const EXPORTERS = {
  'otlp-http': async ({ settings, patience }) => {
    const { otlpHttpExporter } = await import('./otlp-http.ts');
    return otlpHttpExporter(settings, patience);
  },
  'dry-run': async ({ settings, say }) => {
    const { dryRun } = await import('./dry-run.ts');
    return dryRun({ protocol: settings.protocol, say });
  },
} as const satisfies Readonly<Record<string, OpenExporter>>;

export interface OpeningForPoints {
  readonly settings: OtlpSettings;
  readonly patience: Patience;
  readonly resource: Attributes;
}

/** The same for points. */
export async function openPoints({
  settings,
  patience,
  resource,
}: OpeningForPoints): Promise<Exporter<readonly MetricPoint[], PointPart>> {
  const { otlpHttpPoints } = await import('./otlp-http.ts');
  return otlpHttpPoints(settings, patience, { resource });
}

// The exporter that sends nothing and says what would have been sent.

import { earliest, formatInstant, type Instant, latest } from '../base/instant.ts';
import type { PodTrace } from '../model/trace.ts';
import { batchesOf, LIMITS, type Limits } from './batches.ts';
import type { Delivery, Exporter } from './contract.ts';
import type { OtlpProtocol } from './otlp-settings.ts';
import { sdkSpans } from './sdk-spans.ts';
import { TRACES } from './trace-signal.ts';

export interface SendingPlan {
  readonly pods: number;
  readonly spans: number;
  readonly batches: number;
  /** Encoded, before compression. */
  readonly bytes: number;
  /** Earliest start and latest end of all spans; absent when there is none. */
  readonly oldest?: Instant;
  readonly newest?: Instant;
}

export interface DryRun {
  readonly protocol: OtlpProtocol;
  readonly limits?: Limits;
  /** Told once per delivery, before anything else. */
  readonly say: (plan: SendingPlan) => void;
}

/** Every batch is `skipped`: a dry run delivers nothing. */
export function dryRun({ protocol, limits = LIMITS, say }: DryRun): Exporter {
  return {
    name: `dry run of OTLP ${protocol}`,
    deliver: async (traces) => {
      const batches = batchesOf(
        traces.map(sdkSpans),
        (spans) => TRACES.encode(spans, protocol).length,
        limits,
      );
      const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0);
      say({ ...extentOf(traces), batches: batches.length, bytes });
      return batches.map(
        ({ items }): Delivery => ({
          status: 'skipped',
          ...TRACES.partOf(items),
          reason: 'dry run: nothing is sent',
        }),
      );
    },
    close: async () => {},
  };
}

/** `1 pod, 34 spans in 1 batch, 21.4 kB, from 2026-08-21T10:00:00.000000000Z to …` */
export function planText({ pods, spans, batches, bytes, oldest, newest }: SendingPlan): string {
  const amount = `${count(pods, 'pod')}, ${count(spans, 'span')} in ${count(batches, 'batch')}, ${(bytes / 1000).toFixed(1)} kB`;
  if (oldest === undefined || newest === undefined) return amount;
  return `${amount}, from ${formatInstant(oldest)} to ${formatInstant(newest)}`;
}

export function count(n: number, noun: string): string {
  if (n === 1) return `1 ${noun}`;
  return `${n} ${noun}${noun.endsWith('ch') ? 'es' : 's'}`;
}

function extentOf(traces: readonly PodTrace[]): Pick<SendingPlan, 'pods' | 'spans' | 'oldest' | 'newest'> {
  const spans = traces.flatMap((trace) => trace.spans);
  const [first, ...others] = spans;
  const amount = { pods: traces.length, spans: spans.length };
  if (first === undefined) return amount;
  return {
    ...amount,
    oldest: others.reduce((at, { start }) => earliest(at, start), first.start),
    newest: others.reduce((at, { end }) => latest(at, end), first.end),
  };
}

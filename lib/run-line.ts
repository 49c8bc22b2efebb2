// One line of JSON per run, for people and for CloudWatch: its embedded metric format makes metrics of it.

import { type Instant, MILLISECOND } from './base/instant.ts';
import { redact } from './base/redact.ts';
import { cut } from './base/text.ts';
import type { FunctionTold, Measures } from './function-types.ts';

export interface RunLine {
  readonly function: string;
  /** The installation: `coldtrace-prod`. Alarms look for it. */
  readonly service: string;
  readonly told: FunctionTold;
  readonly started: Instant;
  readonly ended: Instant;
  readonly requestId: string;
}

const UNITS: Readonly<Record<keyof Measures, string>> = {
  watermark_lag_seconds: 'Seconds',
  dropped: 'Count',
  too_old: 'Count',
  ambiguous: 'Count',
  parked: 'Count',
  dead_letters: 'Count',
  bytes_read: 'Bytes',
  estimated_cost_usd: 'None',
  clusters_failed: 'Count',
};

/** A log event of CloudWatch takes 1 MB; nobody reads so many notes. */
const MOST_NOTES = 50;
const LONGEST_NOTE = 500;

/** Without the line's end. No secret: notes are redacted, and what else there is are numbers and names of ours. */
export function runLine({ told, started, ended, requestId, ...who }: RunLine): string {
  const { measures, counts, status, notes } = told;
  const metrics = Object.entries(UNITS).filter(([name]) => Object.hasOwn(measures, name));
  return JSON.stringify({
    level: LEVELS[status],
    message: `${who.function}: ${status}`,
    ...who,
    request_id: requestId,
    status,
    duration_ms: Number((ended - started) / MILLISECOND),
    counts,
    notes: notes.slice(0, MOST_NOTES).map((note) => cut(redact(note), LONGEST_NOTE)),
    ...(notes.length > MOST_NOTES && { notes_left_out: notes.length - MOST_NOTES }),
    ...measures,
    ...(metrics.length > 0 && { _aws: embedded(metrics, ended) }),
  });
}

const LEVELS = { ok: 'INFO', skipped: 'INFO', partial: 'WARN', failed: 'ERROR' } as const;

/** Docs: CloudWatch embedded metric format, at most 100 metrics. The dimensions name two members of the line. */
const embedded = (metrics: readonly (readonly [string, string])[], at: Instant) => ({
  Timestamp: Number(at / MILLISECOND),
  CloudWatchMetrics: [
    {
      Namespace: 'coldtrace',
      Dimensions: [['service', 'function']],
      Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })),
    },
  ],
});

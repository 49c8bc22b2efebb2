// The record of an object that stood somewhere, and that came in at some time.

import { type Instant, NANOSECOND } from '../../base/instant.ts';
import type { JsonObject } from '../../base/json.ts';
import { type KubeRecord, recordOf } from './record.ts';

export interface PlacedAt {
  /** Logical name of the dump or log. */
  readonly source: string;
  readonly line: number;
  readonly arrival?: Instant;
}

/** An arrival tells when a pod was as it is told here; of an event it only tells when it came in, which is no time of its own. */
export function placedRecord(
  object: JsonObject,
  { source, line, arrival }: PlacedAt,
): KubeRecord | undefined {
  const record = recordOf(object);
  if (record?.kind !== 'pod' || arrival === undefined) return record;
  const when = { at: arrival, precision: NANOSECOND };
  return { ...record, seen: { when, rule: 'watch', source, line } };
}

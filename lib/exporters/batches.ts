// Spans cut into batches that a destination takes: pods stay whole where they fit.

import type { Batch } from './sender.ts';

export interface Limits {
  readonly spans: number;
  /** Encoded, before compression. */
  readonly bytes: number;
}

/** The specification's default batch; a quarter of the smallest body limit met (4 MiB; the Collector's is 20). */
export const LIMITS: Limits = { spans: 512, bytes: 4 * 1024 * 1024 };

export interface SizedBatch {
  readonly spans: Batch;
  readonly bytes: number;
}

/**
 * Fills batches with pods in their order. A pod is only cut (in halves) when it alone is over a
 * limit; a single span over the byte limit goes alone. `sizeOf` is the encoded size of spans:
 * that of several pods together is at most the sum.
 */
export function batchesOf(
  pods: readonly Batch[],
  sizeOf: (spans: Batch) => number,
  limits: Limits = LIMITS,
): readonly SizedBatch[] {
  const filled: { spans: Batch; bytes: number }[] = [];
  for (const { spans, bytes } of pods.flatMap((pod) => [...pieces(pod, sizeOf, limits)])) {
    const last = filled.at(-1);
    const fits =
      last && last.spans.length + spans.length <= limits.spans && last.bytes + bytes <= limits.bytes;
    if (!fits) filled.push({ spans, bytes });
    else {
      last.spans = [...last.spans, ...spans];
      last.bytes += bytes;
    }
  }
  return filled;
}

function* pieces(spans: Batch, sizeOf: (spans: Batch) => number, limits: Limits): Generator<SizedBatch> {
  if (spans.length === 0) return;
  const bytes = sizeOf(spans);
  if (spans.length === 1 || (spans.length <= limits.spans && bytes <= limits.bytes)) {
    yield { spans, bytes };
    return;
  }
  // A count over the limit is cut at the limit, bytes over the limit in the middle.
  const at = spans.length > limits.spans ? limits.spans : Math.ceil(spans.length / 2);
  yield* pieces(spans.slice(0, at), sizeOf, limits);
  yield* pieces(spans.slice(at), sizeOf, limits);
}

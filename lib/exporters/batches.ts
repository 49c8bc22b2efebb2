// Spans or points cut into batches that a destination takes: pods stay whole where they fit.

export interface Limits {
  /** Spans or points. */
  readonly items: number;
  /** Encoded, before compression. */
  readonly bytes: number;
}

/** The specification's default batch; a quarter of the smallest body limit met (4 MiB; the Collector's is 20). */
export const LIMITS: Limits = { items: 512, bytes: 4 * 1024 * 1024 };

export interface SizedBatch<Item> {
  readonly items: readonly Item[];
  readonly bytes: number;
}

/**
 * Fills batches with pods in their order. A pod is only cut (in halves) when it alone is over a
 * limit; a single item over the byte limit goes alone. `sizeOf` is the encoded size of items:
 * that of several pods together is at most the sum.
 */
export function batchesOf<Item>(
  pods: readonly (readonly Item[])[],
  sizeOf: SizeOf<Item>,
  limits: Limits = LIMITS,
): readonly SizedBatch<Item>[] {
  const filled: { items: readonly Item[]; bytes: number }[] = [];
  for (const { items, bytes } of pods.flatMap((pod) => [...pieces(pod, sizeOf, limits)])) {
    const last = filled.at(-1);
    const fits =
      last && last.items.length + items.length <= limits.items && last.bytes + bytes <= limits.bytes;
    if (!fits) filled.push({ items, bytes });
    else {
      last.items = [...last.items, ...items];
      last.bytes += bytes;
    }
  }
  return filled;
}

type SizeOf<Item> = (items: readonly Item[]) => number;

function* pieces<Item>(
  items: readonly Item[],
  sizeOf: SizeOf<Item>,
  limits: Limits,
): Generator<SizedBatch<Item>> {
  if (items.length === 0) return;
  const bytes = sizeOf(items);
  if (items.length === 1 || (items.length <= limits.items && bytes <= limits.bytes)) {
    yield { items, bytes };
    return;
  }
  // A count over the limit is cut at the limit, bytes over the limit in the middle.
  const at = items.length > limits.items ? limits.items : Math.ceil(items.length / 2);
  yield* pieces(items.slice(0, at), sizeOf, limits);
  yield* pieces(items.slice(at), sizeOf, limits);
}

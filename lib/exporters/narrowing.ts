// Finds the span that spoils a batch: halves what is called malformed until it stands alone.
//
// The Collector answers 400 to a body that is too big as well, so that halving
// is right for both; one bad span must not cost the 511 around it.

import type { Delivery } from './contract.ts';
import { type Batch, deliveryOf, partOf, type Send } from './sender.ts';

/** Enough for five bad spans in a batch of 512; a destination that refuses everything is not asked 1,023 times. */
const SENDINGS = 96;

/** One outcome per part that was sent, in the order of the spans; their spans add up to the batch. */
export async function deliverNarrowing(send: Send, batch: Batch): Promise<readonly Delivery[]> {
  let left = SENDINGS;
  const narrow = async (part: Batch, because: string): Promise<readonly Delivery[]> => {
    if (left === 0) return [refusal(part, `${because} (not narrowed down any further)`)];
    left -= 1;
    const answer = await send(part);
    if (answer.kind !== 'malformed') return [deliveryOf(part, answer)];
    if (part.length <= 1) return [refusal(part, `${answer.reason}: ${nameOf(part)}`)];
    const middle = Math.ceil(part.length / 2);
    const head = await narrow(part.slice(0, middle), answer.reason);
    return [...head, ...(await narrow(part.slice(middle), answer.reason))];
  };
  return narrow(batch, '');
}

const refusal = (part: Batch, reason: string): Delivery => ({ status: 'refused', ...partOf(part), reason });

function nameOf([span]: Batch): string {
  if (span === undefined) return 'an empty batch';
  const { traceId, spanId } = span.spanContext();
  return `span ${span.name}, span_id ${spanId}, trace_id ${traceId}`;
}

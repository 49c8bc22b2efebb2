// Finds the span or point that spoils a batch: halves what is called malformed until it stands alone.
//
// The Collector answers 400 to a body that is too big as well, so that halving
// is right for both; one bad span must not cost the 511 around it.

import type { Delivery } from './contract.ts';
import { deliveryOf, type Send } from './sender.ts';
import type { Signal } from './signal.ts';

/** Enough for five bad spans in a batch of 512; a destination that refuses everything is not asked 1,023 times. */
const SENDINGS = 96;

/** One outcome per part that was sent, in the order of the items; together they are about the whole batch. */
export async function deliverNarrowing<Item, P>(
  signal: Signal<Item, P>,
  send: Send<Item>,
  batch: readonly Item[],
): Promise<readonly Delivery<P>[]> {
  let left = SENDINGS;
  const refusal = (part: readonly Item[], reason: string): Delivery<P> => ({
    status: 'refused',
    ...signal.partOf(part),
    reason,
  });
  const narrow = async (part: readonly Item[], because: string): Promise<readonly Delivery<P>[]> => {
    if (left === 0) return [refusal(part, `${because} (not narrowed down any further)`)];
    left -= 1;
    const answer = await send(part);
    if (answer.kind !== 'malformed') return [deliveryOf(signal, part, answer)];
    const [first] = part;
    if (first === undefined) return [];
    if (part.length === 1) return [refusal(part, `${answer.reason}: ${signal.nameOf(first)}`)];
    const middle = Math.ceil(part.length / 2);
    const head = await narrow(part.slice(0, middle), answer.reason);
    return [...head, ...(await narrow(part.slice(middle), answer.reason))];
  };
  return narrow(batch, '');
}

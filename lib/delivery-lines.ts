// What became of a delivery, as lines for people.

import type { Delivery, Outcome, Part, PointPart } from './exporters/contract.ts';

/** One line for each kind of outcome and reason, with the spans or points that had it. */
export function deliveryLines(
  deliveries: readonly (Delivery<Part> | Delivery<PointPart>)[],
  to: string,
): readonly string[] {
  const alike = new Map<string, Summed>();
  for (const delivery of deliveries) {
    const key = `${delivery.status}\0${saidOf(delivery)}`;
    const noun = 'points' in delivery ? 'point' : 'span';
    const sum = alike.get(key) ?? { first: delivery, noun, amount: 0, rejected: 0 };
    sum.amount += 'points' in delivery ? delivery.points : delivery.spans;
    sum.rejected += delivery.status === 'partial' ? delivery.rejected : 0;
    alike.set(key, sum);
  }
  return [...alike.values()].map((sum) => `${to}: ${deliveryText(sum)}`);
}

interface Summed {
  readonly first: Outcome;
  readonly noun: 'span' | 'point';
  amount: number;
  rejected: number;
}

const saidOf = (delivery: Outcome): string =>
  delivery.status === 'delivered' ? (delivery.warning ?? '') : delivery.reason;

/** Spans have ids; a run that repeats points that did arrive counts them twice. */
const AGAIN = {
  span: 'Run it again later: ids stay the same',
  point: 'None of them has arrived; points of other lines that were delivered must not be sent again',
} as const;

function deliveryText({ first, noun, amount, rejected }: Summed): string {
  const count = `${amount} ${noun}${amount === 1 ? '' : 's'}`;
  switch (first.status) {
    case 'delivered':
      return `${count} delivered${first.warning === undefined ? '' : `, with a warning: ${first.warning}`}`;
    case 'partial':
      return `${amount - rejected} of ${count} taken, ${rejected} rejected: ${first.reason}`;
    case 'retryable':
      return `${count} not delivered: ${first.reason}. ${AGAIN[noun]}`;
    case 'ambiguous':
      return `${count} may have arrived: ${first.reason}. Sent again they would be counted twice`;
    case 'refused':
      return `${count} refused: ${first.reason}`;
    case 'skipped':
      return `${count} not sent: ${first.reason}`;
  }
}

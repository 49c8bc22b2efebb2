// One batch on its way: what a sending comes to, before anyone decides what to do about it.

import { assertNever } from '../base/assert.ts';
import type { Duration } from '../base/instant.ts';
import type { Delivery } from './contract.ts';
import type { Signal } from './signal.ts';

/** `reason` is for people and holds no secret. */
export type Answer =
  /** The destination read the batch; `rejected` of its items it did not take, and must not be sent again. */
  | { readonly kind: 'accepted'; readonly rejected: number; readonly reason: string }
  /** Not now: worth another try, after the time that was asked for; when nobody answers at all, on another run. */
  | { readonly kind: 'later'; readonly reason: string; readonly after?: Duration; readonly isDown?: true }
  /** It went out, but no acknowledgement came back. Another try at once would get the same. */
  | { readonly kind: 'unclear'; readonly reason: string }
  /** Something in this batch, or its size, cannot be taken: a part of it may be. */
  | { readonly kind: 'malformed'; readonly reason: string }
  /** Nothing will be taken there until a person changes something. */
  | { readonly kind: 'denied'; readonly reason: string }
  /** This batch is refused for good. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Sends one batch. Retrying, failing fast and narrowing down are wrappers around one. Never throws. */
export type Send<Item> = (batch: readonly Item[]) => Promise<Answer>;

/** A way to a destination. Nothing is sent after `close`. */
export interface Sender<Item> {
  readonly send: Send<Item>;
  readonly close: () => Promise<void>;
}

/** What an answer means for the items that it is about. */
export function deliveryOf<Item, P>(
  { partOf, unclear }: Signal<Item, P>,
  batch: readonly Item[],
  answer: Answer,
): Delivery<P> {
  const part = partOf(batch);
  const { reason } = answer;
  switch (answer.kind) {
    case 'accepted':
      return { ...part, ...acceptance(answer) };
    case 'later':
      return { status: 'retryable', ...part, reason, ...(answer.after && { after: answer.after }) };
    case 'unclear':
      return { status: unclear, ...part, reason };
    case 'denied':
      return { status: 'refused', ...part, reason, shut: true };
    case 'malformed':
    case 'refused':
      return { status: 'refused', ...part, reason };
    default:
      return assertNever(answer);
  }
}

function acceptance({ rejected, reason }: Extract<Answer, { kind: 'accepted' }>) {
  if (rejected > 0)
    return { status: 'partial', rejected, reason: reason || 'the destination gave no reason' } as const;
  return reason === ''
    ? ({ status: 'delivered' } as const)
    : ({ status: 'delivered', warning: reason } as const);
}

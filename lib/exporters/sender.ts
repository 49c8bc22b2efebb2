// One batch on its way: what a sending comes to, before anyone decides what to do about it.

import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { assertNever } from '../base/assert.ts';
import type { Duration } from '../base/instant.ts';
import type { TraceId } from '../model/ids.ts';
import type { Delivery, Part } from './contract.ts';

export type Batch = readonly ReadableSpan[];

/** `reason` is for people and holds no secret. */
export type Answer =
  /** The destination read the batch; `rejected` of its spans it did not take, and must not be sent again. */
  | { readonly kind: 'accepted'; readonly rejected: number; readonly reason: string }
  /** Not now: worth another try, after the time that was asked for; when nobody answers at all, on another run. */
  | { readonly kind: 'later'; readonly reason: string; readonly after?: Duration; readonly isDown?: true }
  /** It went out, but no acknowledgement came back. Another try at once would get the same. */
  | { readonly kind: 'unclear'; readonly reason: string }
  /** Something in this batch, or its size, cannot be taken: a part of it may be. */
  | { readonly kind: 'malformed'; readonly reason: string }
  /** Nobody's spans will be taken there until a person changes something. */
  | { readonly kind: 'denied'; readonly reason: string }
  /** This batch is refused for good. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Sends one batch. Retrying, failing fast and narrowing down are wrappers around one. Never throws. */
export type Send = (batch: Batch) => Promise<Answer>;

/** What an answer means for the spans that it is about. */
export function deliveryOf(batch: Batch, answer: Answer): Delivery {
  const part = partOf(batch);
  switch (answer.kind) {
    case 'accepted':
      return { ...part, ...acceptance(answer) };
    case 'later':
      return {
        status: 'retryable',
        ...part,
        reason: answer.reason,
        ...(answer.after && { after: answer.after }),
      };
    case 'unclear':
      return { status: 'retryable', ...part, reason: answer.reason };
    case 'malformed':
    case 'denied':
    case 'refused':
      return { status: 'refused', ...part, reason: answer.reason };
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

/** The trace ids come from `sdkSpans`, which got them from the model. */
export function partOf(batch: Batch): Part {
  const traces = new Set(batch.map((span) => span.spanContext().traceId as TraceId));
  return { spans: batch.length, traces: [...traces] };
}

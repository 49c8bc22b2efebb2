// Sends traces by OTLP over HTTP and tells what the destination made of every span.
//
// Layers, each a file: batches, narrowing down what is malformed, failing fast,
// retrying, and the SDK's own exporter as the one that sends.

import { redact } from '../base/redact.ts';
import type { PodTrace } from '../model/trace.ts';
import { batchesOf, LIMITS, type Limits } from './batches.ts';
import type { Delivery, Exporter } from './contract.ts';
import { failingFast } from './failing-fast.ts';
import { deliverNarrowing } from './narrowing.ts';
import type { OtlpProtocol, OtlpSettings } from './otlp-settings.ts';
import { shownUrl } from './otlp-url.ts';
import { type Patience, retrying } from './retrying.ts';
import { sdkSpans } from './sdk-spans.ts';
import type { Answer, Batch, Send } from './sender.ts';
import { stockSender } from './stock-sender.ts';
import { encode } from './wire.ts';

/** An exporter to one destination. Nothing is sent before `deliver`, nothing after `close`. */
export function otlpHttpExporter(
  settings: OtlpSettings,
  patience: Patience,
  limits: Limits = LIMITS,
): Exporter {
  const sender = stockSender(settings);
  const send = discreet(retrying(sender.send, patience), secretsOf(settings));
  return {
    name: `OTLP ${settings.protocol} to ${shownUrl(settings.url)}`,
    deliver: (traces) => deliverAll(failingFast(send), batched(traces, settings.protocol, limits)),
    close: sender.close,
  };
}

/** One batch after the other: a destination that is slow is not helped by more at once. */
async function deliverAll(send: Send, batches: readonly Batch[]): Promise<readonly Delivery[]> {
  const outcomes: Delivery[] = [];
  for (const batch of batches) {
    outcomes.push(...(await deliverNarrowing(send, batch)));
  }
  return outcomes;
}

function batched(traces: readonly PodTrace[], protocol: OtlpProtocol, limits: Limits): readonly Batch[] {
  return batchesOf(traces.map(sdkSpans), (spans) => sizeOf(spans, protocol), limits).map(
    ({ spans }) => spans,
  );
}

/** What cannot be encoded has no size: it is found when it is sent. */
function sizeOf(spans: Batch, protocol: OtlpProtocol): number {
  try {
    return encode(spans, protocol).length;
  } catch {
    return 0;
  }
}

/** Destinations echo what they were sent: no reason may hold a header's value. */
function discreet(send: Send, secrets: readonly string[]): Send {
  return async (batch): Promise<Answer> => {
    const answer = await send(batch);
    const masked = secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), answer.reason);
    return { ...answer, reason: redact(masked) };
  };
}

/** Each value, and the part of it that follows `Bearer`; longest first, so that none hides another. */
function secretsOf({ headers }: OtlpSettings): readonly string[] {
  const values = Object.values(headers).flatMap((value) => [value, value.slice(value.lastIndexOf(' ') + 1)]);
  return [...new Set(values)].filter((value) => value.length >= 4).sort((a, b) => b.length - a.length);
}

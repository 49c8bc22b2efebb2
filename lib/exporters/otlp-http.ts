// Sends traces or points by OTLP over HTTP and tells what the destination made of every one.
//
// Layers, each a file: batches, narrowing down what is malformed, failing fast,
// retrying, and what sends one batch: for spans the SDK's own exporter, for
// points a POST that is made once, since the SDK repeats what may have arrived.

import type { MetricPoint } from '../model/metric.ts';
import type { Attributes } from '../model/trace.ts';
import { batchesOf, LIMITS, type Limits } from './batches.ts';
import type { Delivery, Exporter, PointPart } from './contract.ts';
import { discreet, secretsOf } from './discreet.ts';
import { failingFast } from './failing-fast.ts';
import { metricSignal } from './metric-signal.ts';
import { deliverNarrowing } from './narrowing.ts';
import type { OtlpSettings } from './otlp-settings.ts';
import { shownUrl } from './otlp-url.ts';
import { postSender } from './post-sender.ts';
import { type Patience, retrying } from './retrying.ts';
import { sdkSpans } from './sdk-spans.ts';
import type { Send, Sender } from './sender.ts';
import type { Signal } from './signal.ts';
import { stockSender } from './stock-sender.ts';
import { TRACES } from './trace-signal.ts';

/** An exporter of traces to one destination. Nothing is sent before `deliver`, nothing after `close`. */
export function otlpHttpExporter(
  settings: OtlpSettings,
  patience: Patience,
  limits: Limits = LIMITS,
): Exporter {
  const line = { settings, patience, limits, signal: TRACES, sender: stockSender(settings) };
  return exporterOver(line, (traces) => traces.map(sdkSpans));
}

/** The same for points; `resource` is that of all of them. */
export function otlpHttpPoints(
  settings: OtlpSettings,
  patience: Patience,
  { resource, limits = LIMITS }: { readonly resource: Attributes; readonly limits?: Limits },
): Exporter<readonly MetricPoint[], PointPart> {
  const signal = metricSignal(resource);
  const line = { settings, patience, limits, signal, sender: postSender(settings, signal) };
  return exporterOver(line, (points) => [points]);
}

/** What a signal goes out over. */
interface Line<Item, P> {
  readonly settings: OtlpSettings;
  readonly patience: Patience;
  readonly limits: Limits;
  readonly signal: Signal<Item, P>;
  readonly sender: Sender<Item>;
}

/** `groups`: what belongs together, and stays so where it fits. */
function exporterOver<Given, Item, P>(
  line: Line<Item, P>,
  groups: (given: Given) => readonly (readonly Item[])[],
): Exporter<Given, P> {
  const { settings, patience, limits, signal, sender } = line;
  const send = discreet(retrying(sender.send, patience), secretsOf(settings));
  const sizeOf = (items: readonly Item[]) => sizeIn(signal, items, settings);
  return {
    name: `OTLP ${settings.protocol} to ${shownUrl(settings.url)}`,
    deliver: (given) => deliverAll(signal, failingFast(send), batchesOf(groups(given), sizeOf, limits)),
    close: sender.close,
  };
}

/** One batch after the other: a destination that is slow is not helped by more at once. */
async function deliverAll<Item, P>(
  signal: Signal<Item, P>,
  send: Send<Item>,
  batches: readonly { readonly items: readonly Item[] }[],
): Promise<readonly Delivery<P>[]> {
  const outcomes: Delivery<P>[] = [];
  for (const { items } of batches) {
    outcomes.push(...(await deliverNarrowing(signal, send, items)));
  }
  return outcomes;
}

/** What cannot be encoded has no size: it is found when it is sent. */
function sizeIn<Item, P>(
  { encode }: Signal<Item, P>,
  items: readonly Item[],
  { protocol }: OtlpSettings,
): number {
  try {
    return encode(items, protocol).length;
  } catch {
    return 0;
  }
}

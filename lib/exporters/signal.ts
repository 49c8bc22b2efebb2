// What traces and metrics have in common on their way out, and where they differ.

import type { OtlpProtocol } from './otlp-settings.ts';
import type { SignalName } from './signal-names.ts';

/** `Item` is what is sent (a span, a point), `P` what is told of a batch of them. */
export interface Signal<Item, P> {
  readonly name: SignalName;
  /** How many, and of whom. */
  readonly partOf: (items: readonly Item[]) => P;
  /** One item for people, when it alone spoils a batch. */
  readonly nameOf: (item: Item) => string;
  /** The body of a request. Throws what the serializer throws. */
  readonly encode: (items: readonly Item[], protocol: OtlpProtocol) => Uint8Array;
  /** What becomes of items that went out without an acknowledgement: may they be sent again? */
  readonly unclear: 'retryable' | 'ambiguous';
}

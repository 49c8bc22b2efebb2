// The two ends of a span of vLLM's own, and how it stands in the evidence.

import { between, toSeconds } from '../base/instant.ts';
import { cut } from '../base/text.ts';
import type { Proof } from '../model/mark.ts';
import type { Border, NativeSpan } from '../model/native-span.ts';
import type { Edge } from './edge.ts';

export const startEdge = (span: NativeSpan): Edge => ({
  when: { at: span.start, precision: span.precision },
  proofs: [proofOf(span)],
  derived: span.startComputed,
});

export const endEdge = (span: NativeSpan): Edge => ({
  when: { at: span.end, precision: span.precision },
  proofs: [proofOf(span)],
  derived: false,
});

/** Longest text of a span that is kept, as of a line. */
const EVIDENCE = 400;

/** `Loading (CPU), 2.612 s, in Worker_0 (pid 9858)`. */
export function proofOf(span: NativeSpan): Proof {
  const { name, traceId, spanId, process, failure, rule } = span;
  const pid = process.pid === '' ? '' : ` (pid ${process.pid})`;
  const length = toSeconds(between(span.start, span.end)).toFixed(3);
  const failed = failure === undefined ? '' : `, failed: ${failure}`;
  const text = `vLLM's own span "${name}", ${length} s, in ${process.name || 'the API server'}${pid}${failed}`;
  return {
    source: `span/${traceId}/${spanId}`,
    text: cut(text, EVIDENCE),
    rule,
    span: { name, traceId, spanId },
  };
}

/** Ranks do not begin and end together, and often only one of them prints: its line then stands inside. */
export function borderOfMany(border: Border, side: 'start' | 'end'): Border {
  if (border !== 'same') return border;
  return side === 'start' ? 'earlier' : 'later';
}

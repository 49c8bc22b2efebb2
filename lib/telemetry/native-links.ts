// Links from a phase to vLLM's own spans of it.

import type { TraceId } from '../model/ids.ts';
import type { Phase } from '../model/startup.ts';
import type { SpanLink } from '../model/trace.ts';

/** Of eight ranks the outermost are among the evidence; more links than this only repeat them. */
const MOST = 8;

/**
 * Only to other traces: with TRACEPARENT vLLM's spans lie in this very trace, below
 * vllm_init, and a link to a neighbour in the same tree says nothing.
 */
export function nativeLinks({ evidence }: Phase, own: TraceId): readonly SpanLink[] {
  const spans = evidence.flatMap(({ span }) => span ?? []).filter(({ traceId }) => traceId !== own);
  const links = spans.map(({ name, traceId, spanId }) => ({
    traceId,
    spanId,
    attributes: { 'link.kind': 'vllm_span', 'vllm.span.name': name },
  }));
  return [...new Map(links.map((link) => [link.traceId + link.spanId, link])).values()].slice(0, MOST);
}

// The room of vLLM's own spans: OTLP traces in JSON in, what was recorded of starts out.

export { looksLikeSpans } from './looks-like.ts';
export { readSpans, type SpanReader, type SpanReading } from './read-spans.ts';

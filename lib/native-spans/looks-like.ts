// Tells from the beginning of a text whether it is OTLP traces in JSON.

/**
 * `{"resourceSpans":[…]}`: one export request per line (Collector file exporter), or one document.
 * The word elsewhere (a log that prints a span) does not count.
 */
export const looksLikeSpans = (head: string): boolean =>
  /^\uFEFF?\s{0,64}\{\s{0,64}"(?:resourceSpans|resource_spans)"\s{0,8}:\s{0,8}\[/.test(head);

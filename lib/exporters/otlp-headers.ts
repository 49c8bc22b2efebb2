// OTEL_EXPORTER_OTLP_HEADERS: `name=value,name=value`, values percent-encoded.
//
// Values are keys and tokens: a message names the header, never its value.

import { failed, ok, type Result } from '../base/result.ts';

/** RFC 9110 token. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/;

/** What HTTP can carry: no line ends, nothing beyond Latin-1. A secret pasted with its newline ends here. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the tab is the one control character that is allowed
const VALUE = /^[\u0009\u0020-\u007e\u0080-\u00ff]*$/;

/** Names in lower case. An empty text is no headers; empty items (a trailing comma) are passed over. */
export function readHeaders(from: string, text: string): Result<Readonly<Record<string, string>>, string> {
  const headers: Record<string, string> = {};
  for (const [index, item] of text.split(',').entries()) {
    if (item.trim() === '') continue;
    const pair = readPair(item);
    if (!pair.ok) return failed(`${from}: header ${index + 1} ${pair.error}`);
    const [name, value] = pair.value;
    headers[name] = value;
  }
  return ok(headers);
}

function readPair(item: string): Result<readonly [string, string], string> {
  const at = item.indexOf('=');
  if (at === -1) return failed("has no '=' between name and value (expected name=value,name=value)");
  const name = item.slice(0, at).trim().toLowerCase();
  if (!NAME.test(name)) return failed('has a name that is not an HTTP header name');
  const value = decode(item.slice(at + 1).trim());
  if (value === undefined) return failed(`(${name}) has a value that is not valid percent-encoding`);
  if (!VALUE.test(value))
    return failed(`(${name}) has a value with a line end or a character that HTTP cannot carry`);
  return ok([name, value]);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return undefined;
  }
}

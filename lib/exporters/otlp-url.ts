// Where a signal is posted to: the URL rules of OTLP/HTTP.

import { failed, ok, type Result } from '../base/result.ts';
import { SIGNALS, type SignalName } from './signal-names.ts';

/**
 * A base URL gets the signal's path (`/v1/traces`), unless it already ends so; one that ends in another
 * signal's path had a base of its own. `from` names who gave it, for the message.
 */
export function withSignalPath(from: string, text: string, signal: SignalName): Result<string, string> {
  const parsed = parse(from, text);
  if (!parsed.ok) return parsed;
  const url = parsed.value;
  const base = url.pathname.replace(/\/$/, '').replace(/\/v1\/(?:traces|metrics)$/, '');
  url.pathname = base + SIGNALS[signal].path;
  return ok(url.href);
}

/** A URL for this signal alone is used as it is. */
export function asGiven(from: string, text: string): Result<string, string> {
  const parsed = parse(from, text);
  return parsed.ok ? ok(parsed.value.href) : parsed;
}

/** Only what a person may see: no user, password or query. */
export function shownUrl(text: string): string {
  const url = URL.parse(text);
  return url === null ? '(not a URL)' : `${url.protocol}//${url.host}${url.pathname}`;
}

function parse(from: string, text: string): Result<URL, string> {
  const url = URL.parse(text.trim());
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.host !== '')
    return ok(url);
  return failed(`${from} is '${shown(text)}', but must be a URL like http://localhost:4318 or https://…`);
}

/** What cannot be parsed may still hold a password before an @. */
function shown(text: string): string {
  return text.includes('@')
    ? `…${text.slice(text.lastIndexOf('@'), text.lastIndexOf('@') + 80)}`
    : text.slice(0, 80);
}

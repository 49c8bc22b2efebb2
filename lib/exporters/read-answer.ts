// HTTP status and headers as an answer: which are worth another try, which never.
//
// OTLP specification: only 429, 502, 503 and 504 and a broken connection may be
// tried again; a batch that is too big gets 413, from the Collector 400.

import type { IncomingHttpHeaders } from 'node:http';
import { type Duration, duration, MILLISECOND, SECOND } from '../base/instant.ts';
import { isObject, parseJson, textAt } from '../base/json.ts';
import { cut, printable } from '../base/text.ts';
import { readAcknowledgement } from './acknowledgement.ts';
import type { Answer } from './sender.ts';
import { SIGNALS, type SignalName } from './signal-names.ts';

const LATER: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Hints for answers that every batch will get. */
const DENIALS: Readonly<Record<number, string>> = {
  401: 'the credentials are missing or wrong: check OTEL_EXPORTER_OTLP_HEADERS',
  403: 'the credentials are not allowed to send here: check OTEL_EXPORTER_OTLP_HEADERS and the key’s permissions',
  404: 'nothing takes SIGNAL at this path: check the URL (a base URL gets PATH, PREFIXENDPOINT is used as it is)',
  405: 'this path does not take a POST: check the URL',
  407: 'a proxy wants credentials',
  415: 'this encoding is not taken: try OTEL_EXPORTER_OTLP_PROTOCOL=http/json or http/protobuf, or no compression',
};

export interface Refusal {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** What the destination said of it; '' when it is not known. */
  readonly body: string;
  readonly signal: SignalName;
}

/** What anything but a 2xx comes to. */
export function readRefusal({ status, headers, body, signal }: Refusal): Answer {
  const reason = [`HTTP ${status}`, hintOf(status, headers, signal), saidOf(body)]
    .filter((part) => part !== '')
    .join(': ');
  if (LATER.has(status)) {
    const after = retryAfter(headers);
    return { kind: 'later', reason, ...(after !== undefined && { after }) };
  }
  if (status === 400 || status === 413) return { kind: 'malformed', reason };
  return { kind: isDenial(status) ? 'denied' : 'refused', reason };
}

const isDenial = (status: number): boolean =>
  DENIALS[status] !== undefined || (status >= 300 && status < 400);

function hintOf(status: number, { location }: IncomingHttpHeaders, signal: SignalName): string {
  if (status < 300 || status >= 400) return denialText(status, signal);
  const target = URL.parse(location ?? '');
  return `it redirects${target === null ? '' : ` to ${target.host}`}, which is not followed: give the final URL`;
}

function denialText(status: number, signal: SignalName): string {
  const { path, prefix } = SIGNALS[signal];
  return (DENIALS[status] ?? '').replace('SIGNAL', signal).replace('PATH', path).replace('PREFIX', prefix);
}

export interface Sent {
  readonly signal: SignalName;
  readonly sent: number;
}

/** What a whole 2xx comes to: only an OTLP answer acknowledges anything. */
export function readAccepted(body: Uint8Array, contentType: string, { signal, sent }: Sent): Answer {
  const read = readAcknowledgement(body, contentType, signal);
  if (!read.ok) return { kind: 'unclear', reason: read.error };
  const rejected = Math.min(Math.max(read.value.rejected, 0), sent);
  return { kind: 'accepted', rejected, reason: cut(printable(read.value.message), 200) };
}

/**
 * Seconds, or an HTTP date; the date is taken relative to the answer's own `Date`, so that
 * no clock of ours has a say. Never negative.
 */
export function retryAfter(headers: IncomingHttpHeaders): Duration | undefined {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return duration(BigInt(text) * SECOND);
  const wait = Date.parse(text) - Date.parse(headers.date ?? '');
  return Number.isNaN(wait) ? undefined : duration(BigInt(Math.max(wait, 0)) * MILLISECOND);
}

/** google.rpc.Status in protobuf, read as text: an optional code, then the length and the message. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: field tags are control characters
const STATUS_MESSAGE = /^(?:\u0008[^\u0012]{1,5})?\u0012(?:\uFFFD[\s\S]|[\s\S])(?<message>[\s\S]*)$/;

/** The `message` of a Status in JSON or protobuf, else the text itself. */
function saidOf(body: string): string {
  const json = parseJson(body);
  const message = json.ok && isObject(json.value) ? textAt(json.value, 'message') : undefined;
  const said = message ?? STATUS_MESSAGE.exec(body)?.groups?.['message'] ?? body;
  return cut(printable(said).trim(), 200);
}

// A sending that got no answer at all: what was in the way, and whether to try again.

import { isObject } from '../base/json.ts';
import { cut, printable } from '../base/text.ts';
import type { Answer } from './sender.ts';

/** The line is busy or broke off: another try may get through. */
const PASSING: ReadonlySet<string> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EADDRNOTAVAIL',
  'EMFILE',
]);

/** Nobody is there: the SDK has tried for the whole time-out by then, and seconds more change nothing. */
const DOWN: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'ENETUNREACH', 'EHOSTUNREACH']);

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /^HPE_/,
    'the other side does not speak HTTP/1.1: is this the gRPC port (4317)? OTLP over HTTP usually listens on 4318',
  ],
  [
    /^ERR_SSL_WRONG_VERSION_NUMBER$|^EPROTO$/,
    'the other side does not speak TLS: is this an http:// address?',
  ],
  [
    /CERT|^UNABLE_TO_|^ERR_TLS_|^ERR_SSL_|^ERR_OSSL_/,
    'TLS: check OTEL_EXPORTER_OTLP_CERTIFICATE (the CA in PEM), the host name and the client certificate',
  ],
  [/^ENOENT$|^EACCES$|^EISDIR$/, 'check the certificate and key files'],
];

export function readFailure(error: unknown): Answer {
  const { code, message } = partsOf(error);
  if (DOWN.has(code))
    return { kind: 'later', reason: `${message}: is it running, and is the port right?`, isDown: true };
  if (PASSING.has(code) || message === 'Request timed out') return { kind: 'later', reason: message };
  const hint = HINTS.find(([pattern]) => pattern.test(code))?.[1];
  return { kind: 'denied', reason: hint === undefined ? message : `${message}: ${hint}` };
}

/** Node wraps several refused addresses (IPv6, IPv4) in one error without a message of its own. */
function partsOf(error: unknown): { readonly code: string; readonly message: string } {
  const inner = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const code = isObject(inner) && typeof inner['code'] === 'string' ? inner['code'] : '';
  const text = inner instanceof Error && inner.message !== '' ? inner.message : String(code || inner);
  return { code, message: cut(printable(text), 200) };
}

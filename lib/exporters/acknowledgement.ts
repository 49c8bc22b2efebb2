// The body of a 2xx answer: did the destination really take what was sent?
//
// A proxy's login page is a 200, too. What is not an OTLP answer acknowledges nothing.

import { ProtobufMetricsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { isObject, objectAt, parseJson } from '../base/json.ts';
import { failed, ok, type Result } from '../base/result.ts';
import { cut, printable } from '../base/text.ts';
import type { SignalName } from './signal-names.ts';

export interface Acknowledgement {
  /** As claimed: may be more than was sent. */
  readonly rejected: number;
  /** '' when the destination had nothing to say. */
  readonly message: string;
}

const NOTHING_REJECTED: Acknowledgement = { rejected: 0, message: '' };

/** Where each signal's answer has the number, in JSON and as the SDK reads protobuf. */
const REJECTED: Readonly<Record<SignalName, string>> = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
};

/**
 * Reads an Export…ServiceResponse, JSON or protobuf whatever was asked for (some servers
 * answer protobuf with `{}`). An empty body is one without `partial_success`.
 */
export function readAcknowledgement(
  body: Uint8Array,
  contentType: string,
  signal: SignalName,
): Result<Acknowledgement, string> {
  if (body.length === 0) return ok(NOTHING_REJECTED);
  const text = new TextDecoder().decode(body).trim();
  const read = text.startsWith('{') ? fromJson(text, signal) : fromProtobuf(body, contentType, signal);
  return read === undefined ? failed(`not an OTLP answer: ${opening(text, contentType)}`) : ok(read);
}

function fromJson(text: string, signal: SignalName): Acknowledgement | undefined {
  const parsed = parseJson(text);
  if (!parsed.ok || !isObject(parsed.value)) return undefined;
  const { [REJECTED[signal]]: given, errorMessage } = objectAt(parsed.value, 'partialSuccess');
  const rejected = Number(given ?? 0);
  if (!Number.isFinite(rejected)) return undefined;
  return { rejected, message: typeof errorMessage === 'string' ? errorMessage : '' };
}

/** The reader skips fields that it does not know, so plain text may pass: hence the content type. */
function fromProtobuf(
  body: Uint8Array,
  contentType: string,
  signal: SignalName,
): Acknowledgement | undefined {
  if (/^text\//i.test(contentType)) return undefined;
  try {
    return signal === 'traces' ? ofTraces(body) : ofMetrics(body);
  } catch {
    return undefined;
  }
}

function ofTraces(body: Uint8Array): Acknowledgement {
  const { partialSuccess: said } = ProtobufTraceSerializer.deserializeResponse(body);
  return { rejected: said?.rejectedSpans ?? 0, message: said?.errorMessage ?? '' };
}

function ofMetrics(body: Uint8Array): Acknowledgement {
  const { partialSuccess: said } = ProtobufMetricsSerializer.deserializeResponse(body);
  return { rejected: said?.rejectedDataPoints ?? 0, message: said?.errorMessage ?? '' };
}

function opening(text: string, contentType: string): string {
  return `${contentType === '' ? 'no content type' : contentType}, begins '${cut(printable(text), 60)}'`;
}

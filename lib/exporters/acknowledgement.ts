// The body of a 2xx answer: did the destination really take the spans?
//
// A proxy's login page is a 200, too. What is not an OTLP answer acknowledges nothing.

import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { isObject, objectAt, parseJson } from '../base/json.ts';
import { failed, ok, type Result } from '../base/result.ts';
import { cut, printable } from '../base/text.ts';

export interface Acknowledgement {
  /** As claimed: may be more than was sent. */
  readonly rejected: number;
  /** '' when the destination had nothing to say. */
  readonly message: string;
}

const NOTHING_REJECTED: Acknowledgement = { rejected: 0, message: '' };

/**
 * Reads an ExportTraceServiceResponse, JSON or protobuf whatever was asked for (some servers
 * answer protobuf with `{}`). An empty body is one without `partial_success`.
 */
export function readAcknowledgement(body: Uint8Array, contentType: string): Result<Acknowledgement, string> {
  if (body.length === 0) return ok(NOTHING_REJECTED);
  const text = new TextDecoder().decode(body).trim();
  const read = text.startsWith('{') ? fromJson(text) : fromProtobuf(body, contentType);
  return read === undefined ? failed(`not an OTLP answer: ${opening(text, contentType)}`) : ok(read);
}

function fromJson(text: string): Acknowledgement | undefined {
  const parsed = parseJson(text);
  if (!parsed.ok || !isObject(parsed.value)) return undefined;
  const { rejectedSpans, errorMessage } = objectAt(parsed.value, 'partialSuccess');
  const rejected = Number(rejectedSpans ?? 0);
  if (!Number.isFinite(rejected)) return undefined;
  return { rejected, message: typeof errorMessage === 'string' ? errorMessage : '' };
}

/** The reader skips fields that it does not know, so plain text may pass: hence the content type. */
function fromProtobuf(body: Uint8Array, contentType: string): Acknowledgement | undefined {
  if (/^text\//i.test(contentType)) return undefined;
  try {
    const { partialSuccess } = ProtobufTraceSerializer.deserializeResponse(body);
    return { rejected: partialSuccess?.rejectedSpans ?? 0, message: partialSuccess?.errorMessage ?? '' };
  } catch {
    return undefined;
  }
}

function opening(text: string, contentType: string): string {
  return `${contentType === '' ? 'no content type' : contentType}, begins '${cut(printable(text), 60)}'`;
}

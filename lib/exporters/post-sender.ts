// Sends one batch by one POST, and knows whether it can have arrived.
//
// The SDK's transport repeats a request by itself after a reset or a time-out.
// For spans that is right; a point that had arrived would be counted twice.

import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { httpAgentFactoryFromOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import { toSeconds } from '../base/instant.ts';
import { VERSION } from '../base/version.ts';
import type { OtlpSettings } from './otlp-settings.ts';
import { type Posted, postOnce } from './post-once.ts';
import { readAccepted, readRefusal } from './read-answer.ts';
import { readFailure } from './read-failure.ts';
import type { Answer, Sender } from './sender.ts';
import type { Signal } from './signal.ts';
import { tlsFiles } from './tls-files.ts';
import { WIRE } from './wire.ts';

export function postSender<Item, P>(settings: OtlpSettings, signal: Signal<Item, P>): Sender<Item> {
  return {
    send: async (batch) => {
      const body = encoded(signal, batch, settings);
      if (body instanceof Error) return { kind: 'malformed', reason: String(body) };
      const posted = await post(settings, body);
      return posted instanceof Error ? readFailure(posted) : readPosted(posted, { signal, batch, settings });
    },
    close: async () => {},
  };
}

function encoded<Item, P>(
  { encode }: Signal<Item, P>,
  batch: readonly Item[],
  { protocol }: OtlpSettings,
): Uint8Array | Error {
  try {
    return encode(batch, protocol);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const zipped = promisify(gzip);

/** An error: nothing was sent (a certificate that cannot be read). A connection of its own, as one that is kept may be dead. */
async function post(settings: OtlpSettings, body: Uint8Array): Promise<Posted | Error> {
  const { url, protocol, headers, compression, timeout } = settings;
  const isZipped = compression === 'gzip';
  try {
    const agent = await httpAgentFactoryFromOptions({ keepAlive: false, ...(await tlsFiles(settings)) })(
      URL.parse(url)?.protocol ?? 'http:',
    );
    const all = {
      ...headers,
      'content-type': WIRE[protocol].contentType,
      'user-agent': `coldtrace/${VERSION}`,
      ...(isZipped && { 'content-encoding': 'gzip' }),
    };
    return await postOnce({ url, agent, headers: all, body: isZipped ? await zipped(body) : body, timeout });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Of an intermediary: whether the other side had taken it before is not known. */
const OF_A_GATEWAY: ReadonlySet<number> = new Set([502, 504]);

interface About<Item, P> {
  readonly signal: Signal<Item, P>;
  readonly batch: readonly Item[];
  readonly settings: OtlpSettings;
}

function readPosted<Item, P>(
  posted: Posted,
  { signal, batch, settings: { timeout } }: About<Item, P>,
): Answer {
  const { response, body, error, isLate } = posted;
  if (response?.statusCode === undefined) {
    const failure: Answer = isLate
      ? { kind: 'later', reason: `no answer within ${toSeconds(timeout)} s` }
      : readFailure(error);
    return posted.isWritten ? unclear(failure.reason) : failure;
  }
  return readResponse(response, body, { signal: signal.name, sent: batch.length });
}

function readResponse(
  response: IncomingMessage,
  body: Buffer,
  { signal, sent }: { readonly signal: Signal<unknown, unknown>['name']; readonly sent: number },
): Answer {
  const { statusCode: status = 0, headers, complete } = response;
  if (status < 200 || status > 299) {
    const refusal = readRefusal({ status, headers, body: body.toString(), signal });
    return OF_A_GATEWAY.has(status) ? unclear(refusal.reason) : refusal;
  }
  if (!complete) return unclear('the connection broke before the answer was complete');
  return readAccepted(body, headers['content-type'] ?? '', { signal, sent });
}

const unclear = (reason: string): Answer => ({ kind: 'unclear', reason });

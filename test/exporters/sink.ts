// A destination on 127.0.0.1 that answers as told and keeps what it was sent.

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { type DecodedSpan, decodeJson, decodeProtobuf } from './decode-otlp.ts';
import { type DecodedPoint, decodeJsonPoints, decodeProtobufPoints } from './decode-points.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** On the wire, perhaps compressed. */
  readonly wire: Buffer;
  readonly body: Buffer;
  readonly spans: readonly DecodedSpan[];
  readonly points: readonly DecodedPoint[];
}

export type Reply = (received: Received, response: ServerResponse) => void;

export interface Sink extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
}

/** Status and body; the content type of the request unless `headers` says otherwise. */
export const reply =
  (status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Reply =>
  (received, response) => {
    const type = received.headers['content-type'] ?? 'text/plain';
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  };

/** What the Collector says: an empty partial success. */
export const taken: Reply = (received, response) =>
  reply(200, isJson(received.headers) ? '{"partialSuccess":{}}' : Buffer.from([0x0a, 0]))(received, response);

/** `replies` in order, the last for all further requests. */
export async function sink(...replies: readonly Reply[]): Promise<Sink> {
  return open(replies, (listener) => createServer(listener));
}

export async function tlsSink(options: ServerOptions, ...replies: readonly Reply[]): Promise<Sink> {
  const server = await open(replies, (listener) => createTlsServer(options, listener));
  return {
    ...server,
    url: server.url.replace('http:', 'https:'),
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  };
}

async function open(
  replies: readonly Reply[],
  create: (listener: RequestListener) => ReturnType<typeof createServer>,
) {
  const received: Received[] = [];
  const server = create(async (request, response) => {
    const answer = replies[Math.min(received.length, replies.length - 1)] ?? taken;
    // A client that gives up in the middle is nobody to answer.
    const wire = await buffer(request).catch(() => undefined);
    if (wire === undefined) return;
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(wire) : wire;
    const path = request.url ?? '';
    const encoded = { body, json: isJson(request.headers) };
    const one = { path, headers: request.headers, wire, body, ...decoded(path, encoded) };
    received.push(one);
    answer(one, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function decoded(path: string, { body, json }: { readonly body: Buffer; readonly json: boolean }) {
  if (path.endsWith('/v1/metrics'))
    return { spans: [], points: json ? decodeJsonPoints(body.toString()) : decodeProtobufPoints(body) };
  return { spans: json ? decodeJson(body.toString()) : decodeProtobuf(body), points: [] };
}

const isJson = (headers: IncomingMessage['headers']): boolean =>
  headers['content-type'] === 'application/json';

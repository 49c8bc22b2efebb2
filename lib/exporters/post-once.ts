// One HTTP request, made once: what came back, and how far it had got.

import { type Agent, type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { type Duration, MILLISECOND } from '../base/instant.ts';

export interface Post {
  readonly url: string;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** For all of it: connecting, sending, the last byte of the answer. */
  readonly timeout: Duration;
}

export interface Posted {
  /** The last byte had gone to the operating system: the other side may have it. Before, it cannot be complete. */
  readonly isWritten: boolean;
  readonly isLate: boolean;
  /** With its status and headers; its body may have broken off. */
  readonly response?: IncomingMessage;
  readonly body: Buffer;
  readonly error?: Error;
}

/** As the SDK: of a longer answer the rest is not waited for. */
const LONGEST_ANSWER = 4 * 1024 * 1024;

/** Never rejects. */
export function postOnce({ url, agent, headers, body, timeout }: Post): Promise<Posted> {
  return new Promise((resolve) => {
    const start = url.startsWith('https:') ? requestTls : requestPlain;
    const all = { ...headers, 'content-length': String(body.length) };
    const sent = start(url, { method: 'POST', agent, headers: all });
    const seen = watch(sent);
    const timer = setTimeout(
      () => {
        seen.isLate = true;
        sent.destroy();
      },
      Number(timeout / MILLISECOND),
    );
    sent.once('close', () => {
      clearTimeout(timer);
      agent.destroy();
      const { chunks, ...rest } = seen;
      resolve({ ...rest, body: Buffer.concat(chunks) });
    });
    sent.end(body);
  });
}

interface Seen {
  isWritten: boolean;
  isLate: boolean;
  response?: IncomingMessage;
  error?: Error;
  readonly chunks: Buffer[];
}

function watch(sent: ClientRequest): Seen {
  const seen: Seen = { isWritten: false, isLate: false, chunks: [] };
  let size = 0;
  sent.once('finish', () => {
    seen.isWritten = true;
  });
  sent.on('error', (error) => {
    seen.error ??= error;
  });
  sent.once('response', (response) => {
    seen.response = response;
    response.on('error', () => {});
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LONGEST_ANSWER) sent.destroy();
      else seen.chunks.push(chunk);
    });
  });
  return seen;
}

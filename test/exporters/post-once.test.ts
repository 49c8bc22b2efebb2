// One request: how far it had got when something happened to it.

import { Agent } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { duration, seconds } from '../../lib/base/instant.ts';
import { postOnce } from '../../lib/exporters/post-once.ts';
import { freePort } from '../servers/real-server.ts';

const SMALL = Buffer.from('points');
/** More than the buffers of both sides of a loopback connection hold. */
const HUGE = Buffer.alloc(64 * 1024 * 1024);

async function post(on: (socket: Socket) => void, body: Uint8Array, timeout = seconds(10)) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    on(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
  const posted = await postOnce({ url, agent: new Agent(), headers: {}, body, timeout });
  server.close();
  return posted;
}

describe('it can have arrived once its last byte had gone', () => {
  it('reset after the whole of it', async () => {
    const posted = await post((socket) => socket.once('data', () => socket.resetAndDestroy()), SMALL);
    expect(posted).toMatchObject({ isWritten: true, isLate: false, error: { code: 'ECONNRESET' } });
  });

  it('reset in the middle of a body: it cannot be complete there', async () => {
    const posted = await post((socket) => socket.once('data', () => socket.resetAndDestroy()), HUGE);
    expect(posted.isWritten).toBe(false);
    expect(posted.error).toBeDefined();
  });

  it('a server that reads nothing of a body: late, and not written', async () => {
    const posted = await post((socket) => socket.pause(), HUGE, duration(300_000_000n));
    expect(posted).toMatchObject({ isWritten: false, isLate: true });
  });

  it('nobody listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    const posted = await postOnce({ url, agent: new Agent(), headers: {}, body: SMALL, timeout: seconds(5) });
    expect(posted).toMatchObject({ isWritten: false, error: { code: 'ECONNREFUSED' } });
  });
});

describe('the answer', () => {
  const answering = (text: string) => (socket: Socket) => socket.once('data', () => socket.end(text));

  it('whole', async () => {
    const posted = await post(answering('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), SMALL);
    expect([posted.response?.statusCode, posted.response?.complete, posted.body.toString()]).toEqual([
      200,
      true,
      'ok',
    ]);
  });

  it('that breaks off', async () => {
    const posted = await post(answering('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nok'), SMALL);
    expect([posted.response?.statusCode, posted.response?.complete]).toEqual([200, false]);
  });

  it('before the body was through: its status counts', async () => {
    const early = 'HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
    const posted = await post((socket) => {
      socket.once('data', () => socket.write(early));
      socket.resume();
    }, HUGE);
    expect(posted.response?.statusCode).toBe(413);
  });

  it('that drips for ever is not waited for', async () => {
    const drip = (socket: Socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n'));
      const timer = setInterval(() => socket.write('x'), 50);
      socket.once('close', () => clearInterval(timer));
    };
    const posted = await post(drip, SMALL, duration(400_000_000n));
    expect(posted).toMatchObject({ isWritten: true, isLate: true });
    expect(posted.response?.complete).toBe(false);
  });
});

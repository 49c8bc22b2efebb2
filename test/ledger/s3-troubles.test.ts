// S3 that fails as S3 fails: a proxy in front of a real server loses answers, refuses, and is busy.
//
// Skipped where .ci/servers/versitygw.sh has not been run.

import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore, Tag } from '../../lib/ledger/contract.ts';
import { type Key, keyOf } from '../../lib/ledger/key.ts';
import { retryingStore } from '../../lib/ledger/retrying-store.ts';
import { s3Client, s3Store } from '../../lib/ledger/s3-store.ts';
import { openStore } from '../../lib/open-store.ts';
import { BUCKET, type Bucket, HAS_VERSITYGW, startVersitygw } from '../servers/real-versitygw.ts';

const keyNamed = (name: string): Key => keyOf('v1/trouble', [name], '.json');

const body = (text: string) => Buffer.from(text);

/** What becomes of one request: passed on, answered by the proxy, or passed on and its answer dropped. */
type Fate = 'pass' | 'lose answer' | { readonly status: number; readonly code: string };

interface Proxy extends AsyncDisposable {
  readonly endpoint: string;
  /** For the next requests, in order; then they pass. */
  readonly fates: Fate[];
  readonly seen: string[];
}

async function openProxy(upstream: string): Promise<Proxy> {
  const fates: Fate[] = [];
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const sent = await buffer(request);
    const fate = fates.shift() ?? 'pass';
    seen.push(`${request.method} ${typeof fate === 'string' ? fate : fate.status}`);
    if (typeof fate === 'object') return answer(response, fate);
    // The Host header stays: it is signed.
    const { method, url, headers } = request;
    const onward = httpRequest(new URL(url ?? '/', upstream), { method, headers }, (answered) =>
      fate === 'lose answer' ? lose(answered, request) : passOn(answered, response),
    );
    onward.end(sent);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fates,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, { status, code }: { status: number; code: string }): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>as told</Message></Error>`);
}

function lose(answered: IncomingMessage, request: IncomingMessage): void {
  answered.resume().on('end', () => request.socket.destroy());
}

function passOn(answered: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answered.statusCode ?? 500, answered.headers);
  answered.pipe(response);
}

describe.skipIf(!HAS_VERSITYGW)('S3 in trouble (needs .ci/servers/versitygw.sh)', () => {
  let bucket: Bucket;
  beforeAll(async () => {
    bucket = await startVersitygw();
  }, 30_000);
  afterAll(() => bucket.remove());

  const storeAt = (endpoint: string, more: { bucket?: string; secret?: string } = {}): ObjectStore => {
    const credentials = { accessKeyId: 'key', secretAccessKey: more.secret ?? 'secret' };
    const client = s3Client({ region: 'us-east-1', endpoint, credentials });
    return s3Store({ client, bucket: more.bucket ?? BUCKET, prefix: '' });
  };

  const patient = (store: ObjectStore): ObjectStore =>
    retryingStore(store, { sleep: async () => {}, random: () => 0 });

  it('a create whose answer was lost, and that the SDK repeats, is one’s own', async () => {
    await using proxy = await openProxy(bucket.settings.endpoint);
    proxy.fates.push('lose answer');
    const store = storeAt(proxy.endpoint);
    expect(await store.create(keyNamed('own'), body('mine 1'))).toMatchObject({ status: 'written' });
    expect(proxy.seen).toEqual(['PUT lose answer', 'PUT pass', 'GET pass']);
  });

  it('a replace whose answer was lost is one’s own, with the tag for the next', async () => {
    await using proxy = await openProxy(bucket.settings.endpoint);
    const store = storeAt(proxy.endpoint);
    const first = await store.create(keyNamed('own-replace'), body('mine 1'));
    if (first.status !== 'written') throw new Error(first.status);
    proxy.fates.push('lose answer');
    const second = await store.replace(keyNamed('own-replace'), body('mine 2'), first.tag);
    if (second.status !== 'written') throw new Error(second.status);
    expect(await store.replace(keyNamed('own-replace'), body('mine 3'), second.tag)).toMatchObject({
      status: 'written',
    });
  });

  it('another’s object is a conflict, also on a repetition', async () => {
    await using proxy = await openProxy(bucket.settings.endpoint);
    const store = storeAt(proxy.endpoint);
    await store.create(keyNamed('other'), body('theirs'));
    proxy.fates.push('lose answer');
    expect(await store.create(keyNamed('other'), body('mine'))).toEqual({ status: 'conflict' });
  });

  it('409 ConditionalRequestConflict and 503 SlowDown pass', async () => {
    await using proxy = await openProxy(bucket.settings.endpoint);
    const busy = { status: 409, code: 'ConditionalRequestConflict' };
    const slow = { status: 503, code: 'SlowDown' };
    proxy.fates.push(busy, slow, slow, slow, slow, busy);
    const store = storeAt(proxy.endpoint);
    expect(await store.create(keyNamed('busy'), body('1'))).toMatchObject({
      status: 'failed',
      passing: true,
    });
    expect(await patient(store).create(keyNamed('busy'), body('1'))).toMatchObject({ status: 'written' });
  });

  it.each([500, 502, 504])('HTTP %i on every try leaves it unknown', async (status) => {
    await using proxy = await openProxy(bucket.settings.endpoint);
    proxy.fates.push(...Array(9).fill({ status, code: 'InternalError' }));
    const store = storeAt(proxy.endpoint);
    expect(await store.create(keyNamed(`unknown-${status}`), body('1'))).toMatchObject({ status: 'unknown' });
    expect(await store.get(keyNamed('x'))).toMatchObject({ status: 'failed', passing: true });
  });

  it('unknown at first and refused afterwards remains unknown', async () => {
    await using proxy = await openProxy(bucket.settings.endpoint);
    const denied = { status: 403, code: 'AccessDenied' };
    proxy.fates.push(...Array(3).fill({ status: 500, code: 'InternalError' }), denied);
    const store = patient(storeAt(proxy.endpoint));
    expect(await store.create(keyNamed('unknown-denied'), body('1'))).toMatchObject({ status: 'unknown' });
  });

  it('an unreachable server: writes are unknown, reads fail', async () => {
    const store = storeAt('http://127.0.0.1:1');
    expect(await store.create(keyNamed('x'), body('1'))).toMatchObject({ status: 'unknown' });
    expect(await store.get(keyNamed('x'))).toMatchObject({ status: 'failed', passing: true });
  });

  it.each([
    ['a wrong secret', { secret: 'wrong' }, /403/],
    ['a missing bucket', { bucket: 'no-such-bucket' }, /NoSuchBucket/],
  ])('%s is no absence and does not pass', async (_, more, reason) => {
    const store = storeAt(bucket.settings.endpoint, more);
    const trouble = { status: 'failed', passing: false, reason: expect.stringMatching(reason) };
    expect(await store.get(keyNamed('x'))).toMatchObject(trouble);
    expect(await store.create(keyNamed('x'), body('1'))).toMatchObject(trouble);
    expect(await store.replace(keyNamed('x'), body('1'), '"tag"' as Tag)).toMatchObject(trouble);
    expect(await store.remove(keyNamed('x'), '"tag"' as Tag)).toMatchObject(trouble);
    expect(await store.list('v1/')).toMatchObject(trouble);
  });

  it('is opened by the hall, for a bucket as for a folder', async () => {
    const { endpoint } = bucket.settings;
    const place = { kind: 's3', bucket: BUCKET, prefix: 'hall/', region: 'us-east-1', endpoint } as const;
    const store = await openStore(place, { sleep: async () => {}, random: () => 0 });
    expect(store.name).toBe(`s3://${BUCKET}/hall/`);
  });
});

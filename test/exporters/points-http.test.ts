// Points over HTTP: what arrives, and that nothing is sent a second time that may have arrived.

import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { duration } from '../../lib/base/instant.ts';
import { VERSION } from '../../lib/base/version.ts';
import type { Exporter, PointPart } from '../../lib/exporters/contract.ts';
import { otlpHttpPoints } from '../../lib/exporters/otlp-http.ts';
import type { OtlpSettings } from '../../lib/exporters/otlp-settings.ts';
import type { MetricPoint } from '../../lib/model/metric.ts';
import { rawPoints } from '../../lib/telemetry/points/to-points.ts';
import { freePort } from '../servers/real-server.ts';
import { FAILED, READY } from '../telemetry/sample-startups.ts';
import { expectedPoints, inOrder } from './decode-points.ts';
import { type Reply, reply, sink, taken } from './sink.ts';

const { points: POINTS } = rawPoints([FAILED, READY]);
const RESOURCE = { 'service.name': 'vllm-startup', 'k8s.cluster.name': 'prod' };
const STARTUPS = new Set(POINTS.flatMap(({ startups }) => startups));

const opened: Exporter<readonly MetricPoint[], PointPart>[] = [];
const slept: bigint[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((exporter) => exporter.close()));
  slept.length = 0;
});

interface Ways extends Partial<OtlpSettings> {
  readonly items?: number;
}

async function deliver(base: string, { items = 512, ...more }: Ways = {}) {
  const settings: OtlpSettings = {
    url: `${base}/v1/metrics`,
    protocol: 'http/protobuf',
    headers: {},
    compression: 'none',
    timeout: duration(500_000_000n),
    ...more,
  };
  const patience = {
    sleep: async (time: bigint) => {
      slept.push(time);
    },
    random: () => 1,
  };
  const exporter = otlpHttpPoints(settings, patience, { resource: RESOURCE, limits: { items, bytes: 1e6 } });
  opened.push(exporter);
  const outcomes = await exporter.deliver(POINTS);
  expect(outcomes.reduce((sum, { points }) => sum + points, 0)).toBe(POINTS.length);
  expect(new Set(outcomes.flatMap(({ startups }) => startups))).toEqual(STARTUPS);
  return outcomes;
}

/** A server of raw sockets, and how many connections it had. */
async function socketServer(on: (socket: Socket) => void) {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    on(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it.each([
  ['http/protobuf', 'none'],
  ['http/protobuf', 'gzip'],
  ['http/json', 'none'],
  ['http/json', 'gzip'],
] as const)(
  '%s, %s: every point with its buckets, sum, labels and nanoseconds',
  async (protocol, compression) => {
    await using server = await sink(taken);
    expect(await deliver(server.url, { protocol, compression })).toMatchObject([
      { status: 'delivered', points: POINTS.length },
    ]);
    const [request] = server.received;
    expect(request?.path).toBe('/v1/metrics');
    expect(request?.headers['user-agent']).toBe(`coldtrace/${VERSION}`);
    expect(inOrder(request?.points ?? [])).toEqual(expectedPoints(POINTS, RESOURCE, `coldtrace@${VERSION}`));
  },
);

describe('it may have arrived: told as ambiguous, sent once', () => {
  const breaksOff: Reply = (_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('0123', () => response.destroy());
  };
  it.each<[string, Reply, RegExp]>([
    ['the connection breaks after the request', (_, response) => response.destroy(), /hang up|reset/i],
    ['no answer in time', () => {}, /no answer within 0.5 s/],
    ['an answer that breaks off', breaksOff, /broke before the answer was complete/],
    ['a login page', reply(200, '<html>', { 'content-type': 'text/html' }), /not an OTLP answer/],
    ['502 of a gateway', reply(502), /HTTP 502/],
    ['504 of a gateway', reply(504), /HTTP 504/],
  ])('%s', async (_, answer, reason) => {
    await using server = await sink(answer);
    expect(await deliver(server.url)).toMatchObject([
      { status: 'ambiguous', reason: expect.stringMatching(reason) },
    ]);
    expect([server.received.length, slept]).toEqual([1, []]);
  });

  it('the other batches were not sent, so that they may be later', async () => {
    await using server = await sink((_, response) => response.destroy());
    const outcomes = await deliver(server.url, { items: 4 });
    expect(outcomes.map(({ status }) => status)).toEqual([
      'ambiguous',
      ...outcomes.slice(1).map(() => 'retryable'),
    ]);
    expect(outcomes.length).toBeGreaterThan(2);
    expect(server.received).toHaveLength(1);
  });

  it('garbage instead of an answer', async () => {
    await using server = await socketServer((socket) => socket.on('data', () => socket.end('SSH-2.0-x\r\n')));
    expect(await deliver(server.url)).toMatchObject([{ status: 'ambiguous' }]);
    expect(server.connections()).toBe(1);
  });
});

describe('it cannot have arrived: tried again, or told as such', () => {
  it.each([429, 503])('%i, then 200: delivered, after the wait that was asked for', async (status) => {
    await using server = await sink(reply(status, '', { 'retry-after': '7' }), taken);
    expect(await deliver(server.url)).toMatchObject([{ status: 'delivered' }]);
    expect([server.received.length, slept]).toEqual([2, [7_000_000_000n]]);
  });

  it('429 for ever: retryable after four tries', async () => {
    await using server = await sink(reply(429));
    expect(await deliver(server.url)).toMatchObject([
      { status: 'retryable', reason: expect.stringContaining('4 tries') },
    ]);
    expect(server.received).toHaveLength(4);
  });

  it('nobody listens', async () => {
    expect(await deliver(`http://127.0.0.1:${await freePort()}`)).toMatchObject([
      { status: 'retryable', reason: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  it('a certificate file that is not there', async () => {
    await using server = await sink(taken);
    expect(await deliver(server.url, { certificate: '/no/such.pem' })).toMatchObject([
      { status: 'refused', reason: expect.stringContaining('check the certificate') },
    ]);
    expect(server.received).toEqual([]);
  });
});

describe('what the destination makes of them', () => {
  it.each([
    ['http/json' as const, '{"partialSuccess":{"rejectedDataPoints":"2","errorMessage":"too old"}}'],
    ['http/protobuf' as const, Buffer.from('0a0708021203626164', 'hex')],
  ])('%s: partial success is told, and not sent again', async (protocol, body) => {
    await using server = await sink(reply(200, body));
    expect(await deliver(server.url, { protocol })).toMatchObject([{ status: 'partial', rejected: 2 }]);
    expect(server.received).toHaveLength(1);
  });

  it('400 for one point: it alone is refused, by name, the rest delivered', async () => {
    const spoils = 'startup.total.duration_seconds';
    await using server = await sink((received, response) =>
      received.points.some(({ name }) => name === spoils)
        ? reply(400, 'bad point')(received, response)
        : taken(received, response),
    );
    const outcomes = await deliver(server.url);
    const refused = outcomes.filter(({ status }) => status === 'refused');
    expect(refused).toMatchObject([{ points: 1, reason: expect.stringContaining(`point of ${spoils}`) }]);
    expect(
      outcomes.filter(({ status }) => status === 'delivered').reduce((sum, { points }) => sum + points, 0),
    ).toBe(POINTS.length - 1);
  });

  it('401: refused, no header in what is told', async () => {
    await using server = await sink(reply(401, 'canary-4711 is no key'));
    const [outcome] = await deliver(server.url, { headers: { 'api-key': 'canary-4711' } });
    expect(outcome).toMatchObject({ status: 'refused' });
    expect(JSON.stringify(outcome)).not.toContain('canary');
  });
});

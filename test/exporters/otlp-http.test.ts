// The OTLP exporter against real HTTP servers: one test per thing that a destination may answer.

import { createServer } from 'node:net';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { afterEach, describe, expect, it } from 'vitest';
import { type Duration, duration, SECOND, seconds, toSeconds } from '../../lib/base/instant.ts';
import { VERSION } from '../../lib/base/version.ts';
import type { Exporter } from '../../lib/exporters/contract.ts';
import { otlpHttpExporter } from '../../lib/exporters/otlp-http.ts';
import type { OtlpSettings } from '../../lib/exporters/otlp-settings.ts';
import { sdkSpans } from '../../lib/exporters/sdk-spans.ts';
import type { PodTrace } from '../../lib/model/trace.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { FAILED, READY, SETTINGS } from '../telemetry/sample-startups.ts';
import { expected } from './decode-otlp.ts';
import { reply, sink, taken } from './sink.ts';

const TRACES = toTraces([FAILED, READY], SETTINGS);
const SPANS = TRACES.flatMap(({ spans }) => spans);
const SCOPE = `coldtrace@${VERSION}`;

const opened: Exporter[] = [];
const slept: Duration[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((exporter) => exporter.close()));
  slept.length = 0;
});

/** Shorter than the SDK's first back-off, so that only our own retries, which do not really sleep, take place. */
const TIMEOUT = duration(600_000_000n);

function exporterTo(
  url: string,
  more: Partial<OtlpSettings> = {},
  limits?: { items: number; bytes: number },
): Exporter {
  const settings: OtlpSettings = {
    url: `${url}/v1/traces`,
    protocol: 'http/protobuf',
    headers: {},
    compression: 'none',
    timeout: TIMEOUT,
    ...more,
  };
  const sleep = async (time: Duration) => {
    slept.push(time);
  };
  const exporter = otlpHttpExporter(settings, { sleep, random: () => 1 }, limits);
  opened.push(exporter);
  return exporter;
}

/** Every span of the traces is accounted for exactly once. */
async function deliver(exporter: Exporter, traces: readonly PodTrace[] = TRACES) {
  const outcomes = await exporter.deliver(traces);
  const told = outcomes.reduce((sum, { spans }) => sum + spans, 0);
  expect(told).toBe(traces.reduce((sum, { spans }) => sum + spans.length, 0));
  return outcomes;
}

describe.each(['http/protobuf', 'http/json'] as const)('%s', (protocol) => {
  it('200: delivered, with every nanosecond, id, parent and attribute', async () => {
    await using server = await sink(taken);
    expect(await deliver(exporterTo(server.url, { protocol }))).toEqual([
      { status: 'delivered', spans: SPANS.length, traces: ['f0c223c56d2c3bf3bf7549fcbaffe507'] },
    ]);
    expect(server.received.map(({ path }) => path)).toEqual(['/v1/traces']);
    expect(server.received[0]?.spans).toEqual(TRACES.flatMap((trace) => expected(trace, SCOPE)));
  });

  it('gzip: smaller on the wire, the same inside', async () => {
    await using server = await sink(taken);
    await deliver(exporterTo(server.url, { protocol, compression: 'gzip' }));
    const [request] = server.received;
    expect(request?.headers['content-encoding']).toBe('gzip');
    expect(request?.wire.length).toBeLessThan((request?.body.length ?? 0) / 2);
    expect(request?.spans).toEqual(TRACES.flatMap((trace) => expected(trace, SCOPE)));
  });

  it('partial success: rejected and reason as the destination says', async () => {
    const json = '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"bad"}}';
    const protobuf = Buffer.from('0a0708021203626164', 'hex');
    await using server = await sink(reply(200, protocol === 'http/json' ? json : protobuf));
    expect(await deliver(exporterTo(server.url, { protocol }))).toMatchObject([
      { status: 'partial', spans: SPANS.length, rejected: 2, reason: 'bad' },
    ]);
    expect(server.received).toHaveLength(1);
  });

  it('sends what the stock exporter of the SDK sends', async () => {
    await using ours = await sink(taken);
    await using stocks = await sink(taken);
    const Stock = protocol === 'http/json' ? JsonExporter : ProtobufExporter;
    const stock = new Stock({ url: `${stocks.url}/v1/traces` });
    await new Promise((resolve) => stock.export(TRACES.flatMap(sdkSpans), resolve));
    await stock.shutdown();
    await deliver(exporterTo(ours.url, { protocol }));
    expect(ours.received[0]?.wire).toEqual(stocks.received[0]?.wire);
    expect(ours.received[0]?.headers['content-type']).toBe(stocks.received[0]?.headers['content-type']);
  });
});

describe('what is acknowledged', () => {
  it('a warning without rejected spans: delivered, and the warning is told', async () => {
    await using server = await sink(reply(200, '{"partialSuccess":{"errorMessage":"old spans"}}'));
    expect(await deliver(exporterTo(server.url))).toMatchObject([
      { status: 'delivered', warning: 'old spans' },
    ]);
  });

  it('an empty 200', async () => {
    await using server = await sink(reply(200, ''));
    expect(await deliver(exporterTo(server.url))).toMatchObject([{ status: 'delivered' }]);
  });

  it('a login page with 200 is no acknowledgement', async () => {
    await using server = await sink(
      reply(200, '<!doctype html><title>Sign in</title>', { 'content-type': 'text/html' }),
    );
    expect(await deliver(exporterTo(server.url))).toMatchObject([
      {
        status: 'retryable',
        reason: "not an OTLP answer: text/html, begins '<!doctype html><title>Sign in</title>'",
      },
    ]);
    expect(server.received).toHaveLength(1);
  });

  it('a 200 that breaks off in its body is none', async () => {
    await using server = await sink((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('0123456789', () => response.destroy());
    });
    expect(await deliver(exporterTo(server.url))).toMatchObject([
      { status: 'retryable', reason: expect.stringContaining('broke before the answer was complete') },
    ]);
  });

  it('a server that drips its answer for ever is not waited for', async () => {
    await using server = await sink((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    });
    expect(await deliver(exporterTo(server.url, { timeout: duration(150_000_000n) }))).toMatchObject([
      { status: 'retryable', reason: expect.stringContaining('no answer within 0.15 s') },
    ]);
  });
});

describe('trying again', () => {
  it('503, then 200: delivered after one wait', async () => {
    await using server = await sink(reply(503), taken);
    expect(await deliver(exporterTo(server.url))).toMatchObject([{ status: 'delivered' }]);
    expect(slept.map(toSeconds)).toEqual([1]);
    expect(server.received[1]?.wire).toEqual(server.received[0]?.wire);
  });

  it('429 with Retry-After: 7 waits 7 s', async () => {
    await using server = await sink(reply(429, '', { 'retry-after': '7' }), taken);
    expect(await deliver(exporterTo(server.url))).toMatchObject([{ status: 'delivered' }]);
    expect(slept.map(toSeconds)).toEqual([7]);
  });

  it('Retry-After: 3600 is not waited for, but told', async () => {
    await using server = await sink(reply(503, '', { 'retry-after': '3600' }));
    expect(await deliver(exporterTo(server.url))).toMatchObject([
      {
        status: 'retryable',
        after: seconds(3600),
        reason: 'HTTP 503 (given up after 1 try, asked to wait 3600 s)',
      },
    ]);
    expect(slept).toEqual([]);
  });

  it('502 for ever: given up after 4 tries, waits doubling', async () => {
    await using server = await sink(reply(502));
    expect(await deliver(exporterTo(server.url))).toMatchObject([
      { status: 'retryable', reason: 'HTTP 502 (given up after 4 tries)' },
    ]);
    expect(slept.map(toSeconds)).toEqual([1, 2, 4]);
    expect(server.received).toHaveLength(4);
  });

  it('500 is never tried again', async () => {
    await using server = await sink(reply(500, 'boom'));
    expect(await deliver(exporterTo(server.url))).toMatchObject([
      { status: 'refused', reason: 'HTTP 500: boom' },
    ]);
    expect(server.received).toHaveLength(1);
  });

  it('nobody listens: retryable, and the other batches are not tried', async () => {
    const url = await deadUrl();
    const outcomes = await deliver(exporterTo(url, {}, { items: 5, bytes: 1e6 }));
    expect(outcomes).toHaveLength(3);
    expect(outcomes[0]).toMatchObject({
      status: 'retryable',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    expect(outcomes[1]).toMatchObject({ status: 'retryable', reason: expect.stringMatching(/^not sent/) });
    expect(slept).toHaveLength(0);
  });

  it('the connection is reset instead of an answer: tried again', async () => {
    await using server = await sink((_, response) => response.destroy(), taken);
    expect(await deliver(exporterTo(server.url))).toMatchObject([{ status: 'delivered' }]);
    expect(slept).toHaveLength(1);
  });

  it('no answer at all: retryable after the time-out', async () => {
    await using server = await sink(() => {});
    expect(await deliver(exporterTo(server.url, { timeout: duration(100_000_000n) }))).toMatchObject([
      { status: 'retryable', reason: expect.stringContaining('no answer within 0.1 s') },
    ]);
    expect(server.received).toHaveLength(4);
  });
});

describe('one bad span', () => {
  const poison = SPANS[8]?.spanId ?? '';

  it.each([400, 413])('%i: found by halving, named, and everything else delivered', async (status) => {
    await using server = await sink((received, response) => {
      const bad = received.spans.some(({ spanId }) => spanId === poison);
      (bad ? reply(status, '{"code":3,"message":"bad span"}') : taken)(received, response);
    });
    const outcomes = await deliver(exporterTo(server.url));
    const refused = outcomes.filter((outcome) => outcome.status === 'refused');
    expect(refused).toMatchObject([
      {
        spans: 1,
        reason: expect.stringMatching(
          new RegExp(`HTTP ${status}: bad span: span startup, span_id ${poison}`),
        ),
      },
    ]);
    expect(
      outcomes.filter(({ status: each }) => each !== 'refused').map(({ status: each }) => each),
    ).not.toContain('retryable');
    const arrived = server.received.filter(({ spans }) => spans.every(({ spanId }) => spanId !== poison));
    expect(arrived.flatMap(({ spans }) => spans.map(({ spanId }) => spanId)).sort()).toEqual(
      SPANS.map(({ spanId }) => spanId)
        .filter((id) => id !== poison)
        .sort(),
    );
  });

  it('a body that is too big for the destination is cut until it fits', async () => {
    await using server = await sink((received, response) => {
      (received.wire.length > 4000 ? reply(413) : taken)(received, response);
    });
    const outcomes = await deliver(exporterTo(server.url));
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['delivered']));
  });

  it('a destination that calls everything bad is not asked for every span', async () => {
    await using server = await sink(reply(400));
    const many = manyPods(40);
    const outcomes = await deliver(exporterTo(server.url, {}, { items: 512, bytes: 1e7 }), many);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['refused']));
    expect(server.received.length).toBeLessThanOrEqual(200);
  });
});

describe('shut doors', () => {
  it.each([
    [401, /HTTP 401: the credentials are missing or wrong: check OTEL_EXPORTER_OTLP_HEADERS/],
    [403, /HTTP 403: the credentials are not allowed/],
    [404, /HTTP 404: nothing takes traces at this path: check the URL/],
    [415, /HTTP 415: this encoding is not taken/],
    [308, /HTTP 308: it redirects to elsewhere.example, which is not followed/],
  ])('%i: refused at once, with what to check; the other batches are not sent', async (status, reason) => {
    await using server = await sink(reply(status, '', { location: 'https://elsewhere.example/?token=abc' }));
    const outcomes = await deliver(exporterTo(server.url, {}, { items: 5, bytes: 1e6 }));
    expect(outcomes).toHaveLength(3);
    expect(outcomes[0]).toMatchObject({ status: 'refused', reason: expect.stringMatching(reason) });
    expect(outcomes[2]).toMatchObject({ status: 'refused', reason: expect.stringMatching(/^not sent/) });
    expect(server.received).toHaveLength(1);
    expect(slept).toEqual([]);
  });

  it('the next delivery tries again', async () => {
    await using server = await sink(reply(401), taken);
    const exporter = exporterTo(server.url);
    expect(await deliver(exporter)).toMatchObject([{ status: 'refused' }]);
    expect(await deliver(exporter)).toMatchObject([{ status: 'delivered' }]);
  });

  it('headers are sent, and never told', async () => {
    await using server = await sink((received, response) =>
      reply(403, `no entry for ${received.headers.authorization}`)(received, response),
    );
    const exporter = exporterTo(server.url, { headers: { authorization: 'Bearer canary-4711' } });
    const outcomes = await deliver(exporter);
    expect(server.received[0]?.headers.authorization).toBe('Bearer canary-4711');
    expect(JSON.stringify(outcomes)).not.toContain('canary');
    expect(exporter.name).not.toContain('canary');
  });

  it('something that is not HTTP: says so', async () => {
    const server = createServer((socket) => socket.end('\0\0\u0006\u0004\0\0\0\0\0'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const outcomes = await deliver(exporterTo(`http://127.0.0.1:${port}`));
    server.close();
    expect(outcomes).toMatchObject([
      { status: 'refused', reason: expect.stringContaining('is this the gRPC port (4317)?') },
    ]);
  });
});

describe('batches', () => {
  it('keep pods whole, and each pod is one resource', async () => {
    await using server = await sink(taken);
    const outcomes = await deliver(exporterTo(server.url, {}, { items: 30, bytes: 1e7 }), manyPods(4));
    expect(outcomes.map(({ spans, traces }) => [spans, traces.length])).toEqual([
      [26, 2],
      [26, 2],
    ]);
    expect(server.received.flatMap(({ spans }) => spans)).toHaveLength(52);
  });

  it('nothing to send sends nothing', async () => {
    await using server = await sink(taken);
    expect(await deliver(exporterTo(server.url), [])).toEqual([]);
    expect(server.received).toEqual([]);
  });
});

/** The sample pod under other names. */
function manyPods(count: number): readonly PodTrace[] {
  return Array.from({ length: count }, (_, index) => {
    const uid = `pod-${index}`;
    const again = [FAILED, READY].map((one) => ({
      ...one,
      pod: { ...one.pod, uid: uid as typeof one.pod.uid },
    }));
    return toTraces(again, SETTINGS);
  }).flat();
}

/** A port that was free a moment ago. */
async function deadUrl(): Promise<string> {
  const server = await sink(taken);
  await server[Symbol.asyncDispose]();
  return server.url;
}

it('a wait of the SDK itself is bounded by the time of the batch', async () => {
  await using server = await sink(reply(503));
  await deliver(exporterTo(server.url, { timeout: SECOND }));
  expect(server.received.length).toBeLessThanOrEqual(8);
});

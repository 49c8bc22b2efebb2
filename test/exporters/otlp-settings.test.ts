// The standard variables and --otlp: which wins, what is refused, and that no secret is told.

import { describe, expect, it } from 'vitest';
import { otlpSettings } from '../../lib/exporters/otlp-settings.ts';

const BASE = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

const read = (env: Record<string, string>, url?: string) => otlpSettings(env, { url });

it('by default: protobuf, no compression, 10 s, no headers', () => {
  expect(read(BASE)).toEqual({
    ok: true,
    value: {
      url: 'http://collector:4318/v1/traces',
      protocol: 'http/protobuf',
      headers: {},
      compression: 'none',
      timeout: 10_000_000_000n,
    },
  });
});

it('everything set', () => {
  const env = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://intake.example/api/v2/otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'HTTP/JSON',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=abc%20def,x-scope=tenant=1',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'API-Key=traces',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_EXPORTER_OTLP_TIMEOUT: '2500',
    OTEL_EXPORTER_OTLP_CERTIFICATE: '/ca.pem',
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: '/cert.pem',
    OTEL_EXPORTER_OTLP_CLIENT_KEY: '/key.pem',
  };
  expect(read(env)).toEqual({
    ok: true,
    value: {
      url: 'https://intake.example/api/v2/otlp',
      protocol: 'http/json',
      headers: { 'api-key': 'traces', 'x-scope': 'tenant=1' },
      compression: 'gzip',
      timeout: 2_500_000_000n,
      certificate: '/ca.pem',
      clientCertificate: '/cert.pem',
      clientKey: '/key.pem',
    },
  });
});

describe('where it goes', () => {
  it.each([
    ['http://c:4318', 'http://c:4318/v1/traces'],
    ['http://c:4318/', 'http://c:4318/v1/traces'],
    ['http://c:4318/otlp/', 'http://c:4318/otlp/v1/traces'],
    ['http://c:4318/v1/traces', 'http://c:4318/v1/traces'],
    ['http://c:4318/v1/traces/', 'http://c:4318/v1/traces'],
    ['https://c/x?tenant=1', 'https://c/x/v1/traces?tenant=1'],
  ])('--otlp %s → %s', (flag, url) => {
    expect(read({}, flag)).toMatchObject({ ok: true, value: { url } });
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: flag })).toMatchObject({ ok: true, value: { url } });
  });

  it('the flag wins over both variables', () => {
    const env = { ...BASE, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://other/x' };
    expect(read(env, 'http://flag')).toMatchObject({ value: { url: 'http://flag/v1/traces' } });
  });

  it('the traces endpoint wins, and is used as it is', () => {
    const env = { ...BASE, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://other/x' };
    expect(read(env)).toMatchObject({ value: { url: 'http://other/x' } });
  });
});

describe('refused, saying what came and what is allowed', () => {
  it.each<[Record<string, string>, RegExp]>([
    [{}, /^no destination: give --otlp URL or set OTEL_EXPORTER_OTLP_ENDPOINT$/],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, /^no destination/],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' },
      /^OTEL_EXPORTER_OTLP_ENDPOINT is 'localhost:4318', but must be a URL like http:/,
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, /is 'collector', but must be a URL/],
    [
      { ...BASE, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      /grpc is not supported, use http\/protobuf \(usually port 4318/,
    ],
    [
      { ...BASE, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'thrift' },
      /^OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is 'thrift'/,
    ],
    [{ ...BASE, OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' }, /is 'zstd', but must be gzip or none/],
    [
      { ...BASE, OTEL_EXPORTER_OTLP_TIMEOUT: '10s' },
      /is '10s', but must be a whole number of milliseconds above 0/,
    ],
    [{ ...BASE, OTEL_EXPORTER_OTLP_TIMEOUT: '0' }, /above 0/],
    [
      { ...BASE, OTEL_EXPORTER_OTLP_CLIENT_KEY: '/k' },
      /CLIENT_KEY is set, but OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE is not/,
    ],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /^no destination.*; .*grpc/],
  ])('%o', (env, message) => {
    const settings = read(env);
    expect(settings).toMatchObject({ ok: false, error: expect.stringMatching(message) });
  });

  it.each([
    ['canary-4711', /header 1 has no '='/],
    ['a=1, =canary-4711', /header 2 has a name that is not an HTTP header name/],
    ['authorization=Bearer%20canary-4711%0A%0Dx', /header 1 \(authorization\) has a value with a line end/],
    ['authorization=canary-4711😀', /a character that HTTP cannot carry/],
    ['authorization=canary-4711%', /not valid percent-encoding/],
  ])('headers %s, without telling their values', (headers, message) => {
    const settings = read({ ...BASE, OTEL_EXPORTER_OTLP_HEADERS: headers });
    expect(settings).toMatchObject({ ok: false, error: expect.stringMatching(message) });
    expect(JSON.stringify(settings)).not.toContain('canary');
  });

  it('a URL with a password, without telling it', () => {
    const settings = read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://me:canary@host' });
    expect(settings.ok).toBe(false);
    expect(JSON.stringify(settings)).not.toContain('canary');
  });
});

describe('metrics', () => {
  const points = (env: Record<string, string>, url?: string) => otlpSettings(env, { url }, 'metrics');

  it.each([
    ['http://c:4318', 'http://c:4318/v1/metrics'],
    ['http://c:4318/otlp/', 'http://c:4318/otlp/v1/metrics'],
    ['http://c:4318/v1/metrics', 'http://c:4318/v1/metrics'],
    // One --otlp serves both signals: the path of the other is no base.
    ['http://c:4318/v1/traces', 'http://c:4318/v1/metrics'],
  ])('--otlp %s → %s', (flag, url) => {
    expect(points({}, flag)).toMatchObject({ ok: true, value: { url } });
  });

  it('their own variables win, those of traces have no say', () => {
    const env = {
      ...BASE,
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=2',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'b=traces',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'b=3',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://prometheus:9090/api/v1/otlp/v1/metrics',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '1',
      OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'gzip',
    };
    expect(points(env)).toMatchObject({
      ok: true,
      value: {
        url: 'http://prometheus:9090/api/v1/otlp/v1/metrics',
        headers: { a: '1', b: '3' },
        timeout: 10_000_000_000n,
        compression: 'gzip',
      },
    });
  });
});

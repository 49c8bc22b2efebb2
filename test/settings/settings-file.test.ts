// The settings file: what it may hold, and each wrong value with its line.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSettings, settingsFile } from '../../lib/settings/settings-file.ts';

const FULL = `destination: datadog
metrics: true
tooOld: gauge
cluster: prod-eu
serviceName: starts
traceIdScheme: sha256-llm-engine
tz: Europe/Berlin
year: 2026
otlp:
  endpoint: http://collector:4318
  protocol: http/json
  headers: { api-key: k-1 }
  compression: gzip
  timeout: 2500
  certificate: /ca.pem
  clientCertificate: /c.pem
  clientKey: /k.pem
  traces: { endpoint: "https://traces.example/v1/traces" }
  metrics: { endpoint: "https://metrics.example/v1/metrics", headers: { x: y } }
`;

const errors = async (text: string) => {
  const read = await parseSettings('c.yaml', text);
  return read.ok ? [] : read.error;
};

it('every key', async () => {
  const read = await parseSettings('c.yaml', FULL);
  expect(read).toMatchObject({
    ok: true,
    value: { destination: 'datadog', year: 2026, otlp: { timeout: 2500, metrics: { headers: { x: 'y' } } } },
  });
});

it.each(['', '# nothing yet\n', '{}', '---\n'])('%j holds no settings', async (text) => {
  expect(await parseSettings('c.yaml', text)).toEqual({ ok: true, value: {} });
});

it('JSON is read as well', async () => {
  expect(await parseSettings('c.json', '{"tz": "UTC",\n "year": 2025}')).toEqual({
    ok: true,
    value: { tz: 'UTC', year: 2025 },
  });
});

describe('what is wrong is told with line and key, what is allowed, and what came', () => {
  it.each<[string, string]>([
    [
      '\ndestination: dd',
      "c.yaml:2: destination: expected datadog, dynatrace, grafana-cloud, jaeger, otlp, prometheus or tempo, got 'dd'",
    ],
    ['tooOld: later', "c.yaml:1: tooOld: expected refuse, skip, send or gauge, got 'later'"],
    ['metrics: yes please', "c.yaml:1: metrics: expected true or false, got 'yes please'"],
    ['year: 99', "c.yaml:1: year: expected a year from 1970 to 2999, got '99'"],
    ['year: "2026"', "c.yaml:1: year: expected a year from 1970 to 2999, got '2026'"],
    ['tz: Mars', "c.yaml:1: tz: expected a zone such as Europe/Berlin, UTC or +02:00, got 'Mars'"],
    ['cluster: ""', "c.yaml:1: cluster: expected a name, got ''"],
    [
      'otlp:\n  timeout: 0',
      "c.yaml:2: otlp.timeout: expected a whole number of milliseconds above 0, got '0'",
    ],
    ['otlp:\n  protocol: grpc', "c.yaml:2: otlp.protocol: expected http/protobuf or http/json, got 'grpc'"],
    ['otlp: http://x', "c.yaml:1: otlp: expected a section of keys, got 'http://x'"],
    [
      'otlp:\n  traces:\n    endpont: http://x',
      "c.yaml:3: otlp.traces.endpont: expected one of the keys endpoint, protocol, headers, compression, timeout, certificate, clientCertificate, clientKey, got 'endpont'",
    ],
    [
      'destinaton: datadog',
      "c.yaml:1: destinaton: expected one of the keys destination, metrics, tooOld, cluster, serviceName, traceIdScheme, tz, year, trustPods, otlp, got 'destinaton'",
    ],
    ['- a\n- b', 'c.yaml:1: expected a section of keys, got a list'],
    ['tz: UTC\ntz: UTC', 'c.yaml:2:1: expected YAML or JSON, got Map keys must be unique'],
    ['{"tz": ', 'c.yaml:1:8: expected YAML or JSON, got Flow map must end with a }'],
  ])('%j', async (text, error) => {
    expect(await errors(text)).toEqual([error]);
  });

  it('everything at once', async () => {
    expect(await errors('year: 1\ntz: x\nfoo: 1\nbar: 2')).toHaveLength(4);
  });

  it('no password and no header value is repeated', async () => {
    const told = await errors(
      'otlp:\n  endpoint: ftp://me:canary@x\n  headers: { api-key: [canary] }\n  metrics: { headers: { k: { canary: 1 } } }\n',
    );
    expect(told).toHaveLength(3);
    expect(told.join('\n')).not.toContain('canary');
  });

  it.each([
    [
      'aliases that blow up',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`)}]`).join('\n')}\n`,
    ],
    ['binary', '\u0000\u0001\u0002'],
    ['a tag that is not known', 'tz: !!js/function "x"'],
  ])('%s: a message, no throw', async (_, text) => {
    const path = join(mkdtempSync(join(tmpdir(), 'coldtrace-test-')), 'c.yaml');
    writeFileSync(path, text);
    const read = await settingsFile(path);
    expect(read.ok).toBe(false);
  });

  it('a file that is not there', async () => {
    const read = await settingsFile('/no/such/coldtrace.yaml');
    expect(read.ok ? [] : read.error).toEqual([
      expect.stringMatching(/^\/no\/such\/coldtrace\.yaml: expected a file that can be read, got ENOENT/),
    ]);
  });
});

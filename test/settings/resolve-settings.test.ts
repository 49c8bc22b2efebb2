// Flags over variables over the file, value by value.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { otlpSettings } from '../../lib/exporters/otlp-settings.ts';
import { otlpEnv } from '../../lib/settings/otlp-env.ts';
import { resolveSettings } from '../../lib/settings/resolve-settings.ts';
import type { OtlpSection, Settings } from '../../lib/settings/schema.ts';

const resolve = (flags: Record<string, unknown>, env: Record<string, string> = {}, file: Settings = {}) =>
  resolveSettings({ flags, env, file });

describe('who wins', () => {
  const layers = {
    flag: { flags: { cluster: 'flag' } },
    env: { env: { COLDTRACE_CLUSTER: 'env' } },
    file: { file: { cluster: 'file' } },
  };

  it('the flag, then the variable, then the file: every combination', () => {
    fc.assert(
      fc.property(fc.subarray(['flag', 'env', 'file'] as const), (present) => {
        const { flags, env, file } = Object.assign({}, ...present.map((layer) => layers[layer]));
        const [winner] = present;
        expect(resolve(flags ?? {}, env, file)).toMatchObject({
          ok: true,
          value: winner === undefined ? {} : { cluster: winner },
        });
      }),
    );
  });

  it.each<[Record<string, string>, Settings]>([
    [{ COLDTRACE_YEAR: '2025' }, { year: 2025 }],
    [{ COLDTRACE_METRICS: 'TRUE' }, { metrics: true }],
    [{ COLDTRACE_METRICS: 'false' }, { metrics: false }],
    [{ COLDTRACE_TOO_OLD: 'skip' }, { tooOld: 'skip' }],
    [{ COLDTRACE_TZ: '', COLDTRACE_CLUSTER: '  ' }, {}],
    [{ OTEL_SERVICE_NAME: 'otel' }, { serviceName: 'otel' }],
    [{ COLDTRACE_TRUST_PODS: 'monitoring' }, { trustPods: 'monitoring' }],
    [{ COLDTRACE_TRUST_PODS: 'a/b.c, d-e' }, { trustPods: 'a/b.c, d-e' }],
    [{ OTEL_SERVICE_NAME: 'otel', COLDTRACE_SERVICE_NAME: 'own' }, { serviceName: 'own' }],
  ])('%o', (env, value) => {
    expect(resolve({}, env)).toEqual({ ok: true, value });
  });
});

describe('a wrong value names who gave it', () => {
  it.each<[Record<string, unknown>, Record<string, string>, string]>([
    [{ tooOld: 'later' }, {}, "--too-old: expected refuse, skip, send or gauge, got 'later'"],
    [{ traceIdScheme: 'sha1' }, {}, "--trace-id-scheme: expected md5 or sha256-llm-engine, got 'sha1'"],
    [{}, { COLDTRACE_YEAR: 'soon' }, "COLDTRACE_YEAR: expected a year from 1970 to 2999, got 'soon'"],
    ...['*', 'a/b/c', 'a,', '/pod', 'a/', 'A', 'a,,b', 'kube.system'].map(
      (given): [Record<string, unknown>, Record<string, string>, string] => [
        { trustPods: given },
        {},
        `--trust-pods: expected NAMESPACE or NAMESPACE/POD, several with commas between them, got '${given}'`,
      ],
    ),
    [{}, { COLDTRACE_METRICS: '1' }, "COLDTRACE_METRICS: expected true or false, got '1'"],
    [
      {},
      { COLDTRACE_TZ: 'Mars' },
      "COLDTRACE_TZ: expected a zone such as Europe/Berlin, UTC or +02:00, got 'Mars'",
    ],
  ])('%o %o', (flags, env, error) => {
    expect(resolve(flags, env)).toEqual({ ok: false, error: [error] });
  });

  it('one that a flag overrules is not looked at', () => {
    expect(resolve({ tz: 'UTC' }, { COLDTRACE_TZ: 'Mars' })).toEqual({ ok: true, value: { tz: 'UTC' } });
  });
});

describe("the file's otlp section, below the variables", () => {
  const file: OtlpSection = {
    endpoint: 'http://file:4318',
    headers: { 'api-key': 'a b=c,d', 'x-team': 'file' },
    timeout: 2500,
    metrics: { endpoint: 'http://file-metrics/m', headers: { 'api-key': 'metrics' } },
  };
  const read = (env: Record<string, string>, signal: 'traces' | 'metrics') => {
    const settings = otlpSettings(otlpEnv(env, file, signal), {}, signal);
    if (!settings.ok) throw new Error(settings.error);
    return settings.value;
  };

  it('alone: its own keys for a signal win over its general ones', () => {
    expect(read({}, 'traces')).toMatchObject({
      url: 'http://file:4318/v1/traces',
      headers: { 'api-key': 'a b=c,d', 'x-team': 'file' },
      timeout: 2_500_000_000n,
    });
    expect(read({}, 'metrics')).toMatchObject({
      url: 'http://file-metrics/m',
      headers: { 'api-key': 'metrics', 'x-team': 'file' },
    });
  });

  it('a general variable wins even over what the file has for the signal alone', () => {
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://env:4318' }, 'metrics').url).toBe(
      'http://env:4318/v1/metrics',
    );
    expect(read({ OTEL_EXPORTER_OTLP_HEADERS: 'x-team=env' }, 'metrics').headers).toEqual({
      'x-team': 'env',
    });
    expect(read({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://env/t' }, 'metrics').url).toBe(
      'http://file-metrics/m',
    );
  });

  it('an empty variable is none', () => {
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, 'traces').url).toBe('http://file:4318/v1/traces');
  });

  it('no section: the variables as they are', () => {
    const env = { A: 'b' };
    expect(otlpEnv(env, undefined, 'traces')).toBe(env);
  });
});

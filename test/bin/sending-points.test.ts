// The command as a process: points beside traces, settings of a file, and what is too old.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Reply, reply, sink, taken } from '../exporters/sink.ts';
import { coldtrace } from '../run-program.ts';

const REPLAY = ['replay', 'fixtures/vllm-cold-image/evidence'];

/** Another answer for points than for traces. */
const pointsGet =
  (answer: Reply): Reply =>
  (received, response) =>
    (received.path === '/v1/metrics' ? answer : taken)(received, response);

function settings(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'coldtrace-test-')), 'coldtrace.yaml');
  writeFileSync(path, text);
  return path;
}

describe.concurrent('replay --otlp --metrics', { timeout: 60_000 }, () => {
  it.each([
    ['takes them', taken, 0, /: 25 points delivered$/m],
    [
      'rejects some',
      reply(200, '{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"old"}}'),
      2,
      /22 of 25 points taken, 3 rejected: old/,
    ],
    [
      'hangs up',
      (_: unknown, response: { destroy: () => void }) => response.destroy(),
      2,
      /25 points may have arrived: .* counted twice/,
    ],
  ] as const)('to one that %s', async (_, answer, code, says) => {
    await using destination = await sink(pointsGet(answer as Reply));
    const ran = await coldtrace([...REPLAY, '--metrics', '--otlp', destination.url], {
      env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    });
    expect(ran).toMatchObject({ code, stderr: expect.stringMatching(says) });
    expect(ran.stderr).toMatch(/: \d+ spans delivered$/m);
    expect(destination.received.map(({ path }) => path)).toEqual(['/v1/traces', '/v1/metrics']);
  });

  it('without it no point is sent', async () => {
    await using destination = await sink(taken);
    await coldtrace([...REPLAY, '--otlp', destination.url]);
    expect(destination.received.map(({ path }) => path)).toEqual(['/v1/traces']);
  });
});

describe.concurrent('what is too old', { timeout: 60_000 }, () => {
  it.each([
    [
      'refuse',
      2,
      [],
      /spans not sent: older than the 18 h that Datadog takes, by up to .* \(--too-old refuse\)/,
    ],
    ['skip', 0, [], /24 histograms not sent: older than the 1 h/],
    [
      'send',
      0,
      ['/v1/traces', '/v1/metrics'],
      /spans sent, but older than the 18 h .* may be dropped there without a word/,
    ],
    ['gauge', 0, ['/v1/metrics'], /histograms sent as gauges: .* needs Historical Metrics Ingestion/],
  ] as const)('--too-old %s', async (policy, code, paths, says) => {
    await using destination = await sink(taken);
    const args = ['--metrics', '--destination', 'datadog', '--too-old', policy, '--otlp', destination.url];
    const ran = await coldtrace([...REPLAY, ...args]);
    expect(ran).toMatchObject({ code, stderr: expect.stringMatching(says) });
    expect(destination.received.map(({ path }) => path)).toEqual(paths);
    expect(ran.stdout).toContain('ready in');
  });

  it('--dry-run tells the same, sends nothing, and fails where refuse would', async () => {
    const ran = await coldtrace([...REPLAY, '--metrics', '--destination', 'datadog', '--dry-run']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^coldtrace: {3}spans +0 +0 +\d+ {2}older than the 18 h/m);
    expect(ran.stderr).toMatch(/^coldtrace: {3}histograms +0 +0 +24 {2}older than the 1 h/m);
    const [skipped] = [
      await coldtrace([...REPLAY, '--destination', 'datadog', '--dry-run', '--too-old', 'skip']),
    ];
    expect(skipped.code).toBe(0);
  });

  it.each([
    [['--metrics', '--destination', 'jaeger', '--dry-run'], 'got jaeger: Jaeger takes none'],
    [['--destination', 'prometheus', '--dry-run'], 'expected --metrics beside prometheus'],
    [['--metrics'], '--metrics: expected --otlp or --dry-run beside it'],
  ])('%j cannot be meant', async (args, says) => {
    expect(await coldtrace([...REPLAY, ...args])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(says),
    });
  });
});

describe.concurrent('settings of a file', { timeout: 60_000 }, () => {
  it('endpoint, headers, metrics, cluster; no header is shown', async () => {
    await using destination = await sink(taken);
    const path = settings(
      `metrics: true\ncluster: prod-eu\notlp:\n  endpoint: ${destination.url}\n  headers: { api-key: canary-7Gq }\n`,
    );
    const ran = await coldtrace([...REPLAY, '--config', path, '--otlp']);
    expect([ran.code, ran.stderr + ran.stdout]).toEqual([0, expect.not.stringContaining('canary')]);
    expect(destination.received.map(({ path: to, headers }) => [to, headers['api-key']])).toEqual([
      ['/v1/traces', 'canary-7Gq'],
      ['/v1/metrics', 'canary-7Gq'],
    ]);
    expect(destination.received[1]?.points[0]?.resource).toEqual({
      'service.name': 'vllm-startup',
      'k8s.cluster.name': 'prod-eu',
    });
  });

  it('named by COLDTRACE_CONFIG; a flag wins; a wrong key ends the run before anything is read', async () => {
    const env = { COLDTRACE_CONFIG: settings('destination: datadog\nmetrics: true\n') };
    const ran = await coldtrace([...REPLAY, '--dry-run', '--destination', 'otlp'], { env });
    expect(ran).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('25 points of 7 metrics in 1 batch'),
    });
    const wrong = await coldtrace(REPLAY, { env: { COLDTRACE_CONFIG: settings('\ntooold: skip\n') } });
    expect(wrong).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/coldtrace\.yaml:2: tooold: expected one of the keys/),
    });
  });

  it('a coldtrace.yaml that only lies there has no say', async () => {
    const path = settings('destination: prometheus\n');
    const ran = await coldtrace(
      ['replay', `${process.cwd()}/fixtures/vllm-cold-image/evidence`, '--dry-run'],
      {
        cwd: join(path, '..'),
      },
    );
    expect(ran.code).toBe(0);
  });
});

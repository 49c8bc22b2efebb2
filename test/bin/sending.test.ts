// The command as a process against destinations that answer well, badly, half, or not at all.

import { describe, expect, it } from 'vitest';
import { type Reply, reply, sink, taken } from '../exporters/sink.ts';
import { coldtrace } from '../run-program.ts';
import { freePort } from '../servers/real-server.ts';

const REPLAY = ['replay', 'fixtures/vllm-cold-image/evidence'];

/** The SDK tries again by itself within the time of one try: short, so that a test is. */
const IMPATIENT = { OTEL_EXPORTER_OTLP_TIMEOUT: '300', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };

const half: Reply = reply(200, '{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}');
const warning: Reply = reply(200, '{"partialSuccess":{"errorMessage":"slow down"}}');

describe.concurrent('replay --otlp', () => {
  it.each([
    ['takes it', taken, 0, /: \d+ spans delivered$/m],
    ['takes it with a warning', warning, 0, /: \d+ spans delivered, with a warning: slow down$/m],
    ['rejects some', half, 2, /: \d+ of \d+ spans taken, 3 rejected: too old/],
    ['wants credentials', reply(401), 2, /: \d+ spans refused: HTTP 401: .*OTEL_EXPORTER_OTLP_HEADERS/],
    ['has no such path', reply(404), 2, /: \d+ spans refused: HTTP 404: .*check the URL/],
    ['is overloaded', reply(503), 2, /: \d+ spans not delivered: HTTP 503 .*Run it again later/],
  ])('to one that %s', { timeout: 60_000 }, async (_, answer, code, says) => {
    await using destination = await sink(answer);
    const ran = await coldtrace([...REPLAY, '--otlp', destination.url], { env: IMPATIENT });
    expect(ran).toMatchObject({ code, stderr: expect.stringMatching(says) });
    expect(ran.stdout).toContain('ready in');
    if (code !== 0) expect(ran.stderr).not.toMatch(/\d spans delivered/);
  });

  it('to nobody: exit 2, nothing called delivered, the good answer printed', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, stdout, stderr } = await coldtrace([...REPLAY, '--otlp', url], { env: IMPATIENT });
    expect(code).toBe(2);
    expect(stderr).toMatch(/: \d+ spans not delivered: connect ECONNREFUSED .*Run it again later/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toContain('ready in');
  });

  it.each([
    [{}, 'application/x-protobuf', undefined],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'application/json', undefined],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }, 'application/x-protobuf', 'gzip'],
  ])(
    '%o: sent so, with the headers of the environment, which are never shown',
    async (env, type, encoding) => {
      await using destination = await sink(taken);
      const { code, stderr, stdout } = await coldtrace([...REPLAY, '--otlp'], {
        env: {
          ...env,
          OTEL_EXPORTER_OTLP_ENDPOINT: destination.url,
          OTEL_EXPORTER_OTLP_HEADERS: 'api-key=canary-7Gq,x-team=infra',
        },
      });
      expect([code, stderr + stdout]).toEqual([0, expect.not.stringContaining('canary')]);
      const [request] = destination.received;
      expect(request).toMatchObject({ path: '/v1/traces' });
      expect(request?.headers).toMatchObject({
        'content-type': type,
        'api-key': 'canary-7Gq',
        'x-team': 'infra',
      });
      expect(request?.headers['content-encoding']).toBe(encoding);
      expect(request?.spans.map(({ name }) => name)).toContain('vllm_init');
    },
  );

  it('--dry-run sends nothing and says what', async () => {
    await using destination = await sink(taken);
    const { code, stdout, stderr } = await coldtrace([...REPLAY, '--otlp', destination.url, '--dry-run']);
    expect(code).toBe(0);
    expect(stderr).toContain(`would send to ${destination.url}/v1/traces: 1 pod, `);
    expect(stderr).toMatch(
      /, \d+ spans in 1 batch, .* from 2026-11-22T02:05:12.000000000Z to 2026-11-22T02:0/,
    );
    expect(stdout).toContain('ready in');
    expect(destination.received).toEqual([]);
  });

  it('a destination that cannot be one is told before anything is read', async () => {
    const { code, stdout, stderr } = await coldtrace([...REPLAY, '--otlp', 'ftp://user:canary-7Gq@x']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--otlp: expected an http:// or https:// URL');
    expect(stderr).not.toContain('canary');
  });
});

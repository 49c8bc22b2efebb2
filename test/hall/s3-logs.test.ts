// Logs in S3 from the command line: whole processes against a server that can be spoilt.

import { globSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { coldtrace } from '../run-program.ts';
import { environmentFor, INSIGHTS_OPTIONS, insightsServer } from '../servers/cloudwatch/recorded.ts';
import { type BucketServer, bucketServer } from '../servers/s3/bucket-server.ts';
import { LAYOUTS, LOGS, WINDOW } from '../servers/s3/layouts.ts';

const VECTOR = LAYOUTS.find(({ name }) => name === 'Vector')?.objects() ?? {};

const environment = ({ url }: BucketServer): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL_S3: url,
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'canary-of-the-credentials',
  AWS_REGION: 'us-east-1',
});

const S3 = ['--s3-logs', 's3://logs/', ...WINDOW];

describe('coldtrace replay --s3-logs', () => {
  it('paths, a log group and two places in one request: one start, told once', async () => {
    await using bucket = await bucketServer(VECTOR);
    await using group = await insightsServer();
    const places = ['--s3-logs', 's3://logs/date=', '--s3-logs', 's3://logs/date=2026-11-22/'];
    const { code, stdout, stderr } = await coldtrace(
      [
        'replay',
        'fixtures/vllm-cold-image/evidence/pods.json',
        ...INSIGHTS_OPTIONS,
        ...places,
        '--format',
        'json',
      ],
      { env: { ...environmentFor(group), ...environment(bucket) } },
    );
    const { startups } = JSON.parse(stdout);
    expect([code, startups.length, startups[0].outcome]).toEqual([0, 1, 'ready']);
    const names = startups[0].phases.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['pod_pending', 'engine_init']));
    expect(stderr).toMatch(/CloudWatch Logs: \d+ calls[\s\S]*S3: \d+ calls, [\d.]+ kB of 4 objects/);
    expect(stderr).not.toContain('canary');
  });

  it('another region: where, exit 2, no stack', async () => {
    await using bucket = await bucketServer({});
    bucket.spoil = () => ({ status: 301, code: 'PermanentRedirect', region: 'ap-south-1' });
    const { code, stderr } = await coldtrace(['replay', ...S3], { env: environment(bucket) });
    expect([code, stderr]).toEqual([2, expect.stringContaining('--aws-region ap-south-1')]);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('an object that cannot be read: the others are told all the same, exit 2', async () => {
    await using bucket = await bucketServer({ ...VECTOR, 'date=2026-11-22/1-x.log.gz': 'archived' });
    bucket.spoil = ({ key }) =>
      key.includes('/1-x') ? { status: 403, code: 'InvalidObjectState' } : undefined;
    const { code, stdout, stderr } = await coldtrace(['replay', ...S3, '--format', 'json'], {
      env: environment(bucket),
    });
    expect([code, JSON.parse(stdout).startups[0].outcome]).toEqual([2, 'ready']);
    expect(stderr).toContain('aws s3api restore-object');
  });

  it.each([
    [['--s3-logs', 's3://logs/'], '--s3-logs: expected --since beside it'],
    [['--s3-logs', 'logs/', '--since', '2h'], '--s3-logs: expected s3://bucket/prefix'],
    [['.', '--s3-late', '2h'], '--s3-late: expected --s3-logs beside it'],
    [[...S3, '--s3-late', 'soon'], '--s3-late: expected a time such as 45m or 2h'],
    [['.', '--aws-region', 'eu-west-1'], '--aws-region: expected --cloudwatch-log-group or --s3-logs'],
  ])('%j is refused', async (args, says) => {
    const { code, stderr } = await coldtrace(['replay', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
  });
});

/** A log of a start, then so many bytes of what a server says in its life. */
function longLog(bytes: number, pack: (text: Uint8Array | string) => Uint8Array): Buffer {
  const [log = ''] = globSync(`${LOGS}/*/engine/0.log`);
  const line = (at: number): string =>
    `2026-11-22T02:${String(10 + (at % 40)).padStart(2, '0')}:11.${String((at * 7919) % 1e9).padStart(9, '0')}Z stdout F (APIServer pid=1) INFO:     10.0.${at % 251}.7:${10_000 + ((at * 104_729) % 50_000)} - "GET /health HTTP/1.1" 200 OK\n`;
  const million = Array.from({ length: 8000 }, (_, at) => line(at)).join('');
  const member = pack(million);
  const count = Math.ceil(bytes / million.length);
  return Buffer.concat([pack(readFileSync(log)), ...Array.from({ length: count }, () => member)]);
}

/** Not what getrusage says: that counts what the process that began it had. */
const TELL_MEMORY =
  "--import=data:text/javascript,import{readFileSync}from'node:fs';process.on('exit',()=>process.stderr.write(readFileSync('/proc/self/status')))";

/** MiB at the most. */
async function memoryFor(body: Buffer): Promise<number> {
  await using bucket = await bucketServer({
    'serving_llm-0_d936022a-9252-412a-9633-75b6c7ad4e8b/engine/0.log.gz': body,
  });
  const { code, stdout, stderr } = await coldtrace(['replay', ...S3, '--format', 'json'], {
    env: { ...environment(bucket), NODE_OPTIONS: TELL_MEMORY },
  });
  expect([code, JSON.parse(stdout).startups[0].outcome]).toEqual([0, 'ready']);
  return Number(/VmHWM:\s+(\d+) kB/.exec(stderr)?.[1]) / 1024;
}

it.each([
  ['packed', (text: Uint8Array | string) => gzipSync(text, { level: 1 })],
  ['plain', (text: Uint8Array | string) => Buffer.from(text)],
] as const)(
  'an object of 300 MB takes hardly more memory than one of 3 MB, %s',
  async (_, pack) => {
    const [small, big] = [await memoryFor(longLog(3e6, pack)), await memoryFor(longLog(300e6, pack))];
    expect(big / small).toBeLessThan(1.5);
  },
  60_000,
);

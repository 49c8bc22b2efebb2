// Logs in S3 as a source, over the SDK's client and real HTTP, against a server that can be spoilt.

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Instant, instant, parseInstant } from '../../../lib/base/instant.ts';
import type { Bounds } from '../../../lib/sources/bounded.ts';
import type { ByteStream, Source, SourceProblem } from '../../../lib/sources/index.ts';
import { bucketApi } from '../../../lib/sources/s3-logs/client.ts';
import { newMeter } from '../../../lib/sources/s3-logs/meter.ts';
import { bucketBudget, patientBucket } from '../../../lib/sources/s3-logs/patient.ts';
import { REACH } from '../../../lib/sources/s3-logs/window.ts';
import { s3Logs } from '../../../lib/sources/s3-logs.ts';
import { type BucketServer, bucketServer } from '../../servers/s3/bucket-server.ts';

const time = (text: string): Instant => parseInstant(text) ?? instant(0n);

interface Told {
  /** By the name of the stream. */
  readonly texts: Readonly<Record<string, string>>;
  readonly streams: readonly ByteStream[];
  readonly problems: readonly SourceProblem[];
  readonly counts: Readonly<Record<string, number>>;
}

interface Options {
  readonly prefix?: string;
  readonly bounds?: Bounds;
  readonly between?: () => void;
}

async function readAll(server: BucketServer, { prefix = '', bounds, between }: Options = {}): Promise<Told> {
  const { signal } = new AbortController();
  const sleep = async (): Promise<void> => {};
  const meter = newMeter();
  const now = () => time('2026-11-23T00:00:00Z');
  const credentials = { accessKeyId: 'key', secretAccessKey: 'canary-of-the-credentials' };
  const api = bucketApi({ region: 'us-east-1', endpoint: server.url, signal, credentials });
  const budget = bucketBudget({ now, sleep });
  const patience = { sleep, random: () => 0.5, signal };
  const source = s3Logs(
    { api: patientBucket(api, { budget, meter, patience }), meter, signal, ...(bounds && { bounds }) },
    {
      bucket: 'logs',
      prefix,
      from: time('2026-11-22T02:00:00Z'),
      to: time('2026-11-22T03:00:00Z'),
      reach: REACH,
    },
  );
  return listened(source, between);
}

async function listened(source: Source, between = (): void => {}): Promise<Told> {
  const streams: ByteStream[] = [];
  const problems: SourceProblem[] = [];
  for await (const item of source.open()) {
    if (item.kind === 'stream') streams.push(item);
    else problems.push(item);
  }
  between();
  const texts: Record<string, string> = {};
  for (const stream of streams) texts[stream.name] = await textOf(stream);
  problems.push(...(source.afterwards?.() ?? []));
  return { texts, streams, problems, counts: source.counts?.() ?? {} };
}

async function textOf(stream: ByteStream): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of stream.chunks()) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts).toString();
}

const LINES = Array.from(
  { length: 20_000 },
  (_, at) => `line ${at} ${(at * 2654435761) % 4294967296}\n`,
).join('');

const PACKINGS = [
  ['plain', Buffer.from(LINES)],
  ['gzip', gzipSync(LINES)],
  ['gzip, two members', Buffer.concat([gzipSync(LINES.slice(0, 1000)), gzipSync(LINES.slice(1000))])],
] as const;

describe.each(PACKINGS)('%s', (_, body) => {
  it('is read whole', async () => {
    await using server = await bucketServer({ 'a.log': body });
    const { texts, problems, counts } = await readAll(server);
    expect([texts, problems]).toEqual([{ 'a.log': LINES }, []]);
    expect(counts).toMatchObject({ 's3.bytes': body.length, 's3_objects.read': 1, 's3_calls.get_object': 1 });
  });

  it('a connection that breaks again and again is taken up where it broke', async () => {
    await using server = await bucketServer({ 'a.log': body });
    server.spoil = ({ kind }, count) => (kind === 'get' && count < 8 ? { breakAfter: 4000 } : undefined);
    const { texts, problems, counts } = await readAll(server);
    expect([texts, problems]).toEqual([{ 'a.log': LINES }, []]);
    const ranges = server.asked.filter(({ kind }) => kind === 'get').map(({ range }) => range);
    expect(ranges.slice(0, 3)).toEqual([undefined, 'bytes=4000-', 'bytes=8000-']);
    expect(counts['s3_objects.resumed']).toBe(ranges.length - 1);
    expect(counts['s3.bytes']).toBe(body.length);
  });

  it('the same where ranges are not known', async () => {
    await using server = await bucketServer({ 'a.log': body });
    let broken = 0;
    server.spoil = ({ kind }) => {
      if (kind === 'list') return undefined;
      broken += 1;
      return broken === 1 ? { breakAfter: 5000 } : 'whole';
    };
    expect((await readAll(server)).texts).toEqual({ 'a.log': LINES });
  });
});

it('a connection that never gives a byte ends the object, and only that', async () => {
  await using server = await bucketServer({ 'a.log': LINES, 'b.log': 'whole\n' });
  server.spoil = ({ key }) => (key === 'a.log' ? { breakAfter: 0 } : undefined);
  const { texts, problems } = await readAll(server);
  expect(texts).toEqual({ 'a.log': '', 'b.log': 'whole\n' });
  expect(problems).toMatchObject([{ what: 's3_objects.truncated', where: 's3://logs/a.log', asked: true }]);
});

it.each([
  { status: 503, code: 'SlowDown', counted: 's3_calls.throttled' },
  { status: 500, code: 'InternalError', counted: 's3_calls.repeated' },
])('$status $code passes', async ({ counted, ...spoil }) => {
  await using server = await bucketServer({ 'a.log': LINES });
  server.spoil = (_, count) => (count % 3 === 0 ? undefined : spoil);
  const { texts, problems, counts } = await readAll(server);
  expect([texts, problems]).toEqual([{ 'a.log': LINES }, []]);
  expect(counts[counted]).toBeGreaterThan(3);
});

describe('what is refused for good is told with what to do', () => {
  const KMS =
    'User: arn:aws:iam::123456789012:user/x is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:123456789012:key/1234abcd because no identity-based policy allows the kms:Decrypt action';
  it.each([
    [
      'list',
      { status: 403, code: 'AccessDenied', says: 'Access Denied' },
      's3.refused',
      /"s3:ListBucket","Resource":"arn:aws:s3:::logs"/,
    ],
    ['list', { status: 404, code: 'NoSuchBucket' }, 's3.unreadable', /aws s3 ls/],
    [
      'list',
      { status: 301, code: 'PermanentRedirect', region: 'eu-west-1' },
      's3.unreadable',
      /--aws-region eu-west-1/,
    ],
    [
      'list',
      {
        status: 400,
        code: 'AuthorizationHeaderMalformed',
        says: "the region 'us-east-1' is wrong; expecting 'eu-west-1'",
      },
      's3.unreadable',
      /--aws-region eu-west-1/,
    ],
    ['list', { status: 403, code: 'InvalidAccessKeyId' }, 's3.unreadable', /Sign in/],
    [
      'get',
      { status: 403, code: 'AccessDenied', says: 'Access Denied' },
      's3_objects.refused',
      /"s3:GetObject","Resource":"arn:aws:s3:::logs\/app\*"/,
    ],
    [
      'get',
      { status: 403, code: 'AccessDenied', says: KMS },
      's3_objects.refused',
      /"kms:Decrypt","Resource":"arn:aws:kms:eu-west-1:123456789012:key\/1234abcd"/,
    ],
    ['get', { status: 403, code: 'InvalidObjectState' }, 's3_objects.archived', /restore-object/],
    ['get', { status: 400, code: 'ExpiredToken' }, 's3_objects.truncated', /Sign in/],
  ] as const)('%s: %j', async (kind, spoil, what, remedy) => {
    await using server = await bucketServer({ 'app/a.log': LINES });
    server.spoil = (asked) => (asked.kind === kind ? spoil : undefined);
    const { problems } = await readAll(server, { prefix: 'app' });
    expect(problems).toMatchObject([{ what, asked: true, remedy: expect.stringMatching(remedy) }]);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });

  it('a hundred objects that are refused are one problem, and not asked for one by one', async () => {
    const objects = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`${at}.log`, 'x\n']));
    await using server = await bucketServer(objects);
    server.spoil = ({ kind }) => (kind === 'get' ? { status: 403, code: 'AccessDenied' } : undefined);
    const { problems, counts } = await readAll(server);
    expect(problems).toHaveLength(1);
    expect(counts).toMatchObject({ 's3_calls.get_object': 20, 's3_objects.unread': 80 });
  });
});

it.each([
  ['deleted', 'gone', (server: BucketServer) => server.objects.delete('a.log')],
  [
    'written anew',
    'changed',
    (server: BucketServer) =>
      server.objects.set('a.log', { body: Buffer.from('other'), modified: new Date(), tag: '"2"' }),
  ],
])('an object that is %s meanwhile is told, the others are read', async (_, trouble, change) => {
  await using server = await bucketServer({ 'a.log': LINES, 'b.log': 'whole\n' });
  const { texts, problems } = await readAll(server, { between: () => change(server) });
  expect(texts).toEqual({ 'a.log': '', 'b.log': 'whole\n' });
  expect(problems).toMatchObject([{ what: `s3_objects.${trouble}`, where: 's3://logs/a.log' }]);
});

it('an object that changes behind a broken connection is not mixed with what was read of it', async () => {
  await using server = await bucketServer({ 'a.log': LINES });
  server.spoil = ({ kind, range }) => {
    if (kind === 'list' || range !== undefined) return undefined;
    server.objects.set('a.log', { body: Buffer.from(LINES), modified: new Date(), tag: '"1"' });
    setTimeout(
      () => server.objects.set('a.log', { body: Buffer.from(LINES), modified: new Date(), tag: '"2"' }),
      5,
    );
    return { breakAfter: 4000 };
  };
  const { texts, problems } = await readAll(server);
  expect(texts['a.log']).toBe(LINES.slice(0, 4000));
  expect(problems).toMatchObject([{ what: 's3_objects.changed' }]);
});

it('an archive that unpacks to far more than a log: cut off, told, the next one is read', async () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  await using server = await bucketServer({ 'a.gz': bomb, 'b.log': 'whole\n' });
  const { texts, problems } = await readAll(server, { bounds: { most: 1 << 40, ratio: 500, free: 1 << 20 } });
  expect(texts['b.log']).toBe('whole\n');
  expect(texts['a.gz']?.length).toBeLessThan(64 << 20);
  expect(problems).toMatchObject([
    { what: 's3_objects.overblown', where: 's3://logs/a.gz', remedy: expect.stringContaining('aws s3 cp') },
  ]);
});

it.each([
  ['a broken archive', gzipSync(LINES).subarray(0, 5000), 's3_objects.truncated'],
  ['Parquet', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(5000, 1)]), 's3_objects.parquet'],
])('%s is told, the next one is read', async (_, body, what) => {
  await using server = await bucketServer({ 'a.log': body, 'b.log': 'whole\n' });
  const { texts, problems } = await readAll(server);
  expect(texts['b.log']).toBe('whole\n');
  expect(problems).toMatchObject([{ what, where: 's3://logs/a.log' }]);
});

describe('which objects', () => {
  it('more than a page of them, in the order of their keys', async () => {
    const names = Array.from({ length: 2500 }, (_, at) => `${String(at).padStart(5, '0')}.log`);
    await using server = await bucketServer(
      Object.fromEntries(names.map((name) => [name, ''.padEnd(1, 'x')])),
    );
    const { streams } = await readAll(server);
    expect(streams.map(({ name }) => name)).toEqual(names);
  });

  it('folders of other hours are not listed, whatever their number', async () => {
    const hours = Array.from({ length: 24 * 28 }, (_, at) => {
      const day = String(1 + Math.floor(at / 24)).padStart(2, '0');
      return `2026/11/${day}/${String(at % 24).padStart(2, '0')}/stream-1`;
    });
    await using server = await bucketServer(Object.fromEntries(hours.map((key) => [key, 'x\n'])));
    const { streams } = await readAll(server);
    // From 01:45 on, to 04:00: an hour of lateness behind the window.
    expect(streams.map(({ where }) => where)).toEqual(
      ['01', '02', '03'].map((hour) => `s3://logs/2026/11/22/${hour}/stream-1`),
    );
    expect(server.asked.filter(({ kind }) => kind === 'list').length).toBeLessThan(12);
  });

  it('the parts of one container are one log, those of others stay apart', async () => {
    const link = (container: string) =>
      `kube.var.log.containers.llm-0_serving_${container}-${'c98b'.repeat(16)}.log`;
    await using server = await bucketServer({
      [`${link('engine')}/2026/11/22/02/04/00-objectB`]: gzipSync('two\n'),
      [`${link('engine')}/2026/11/22/02/03/00-objectA`]: 'one',
      [`${link('proxy')}/2026/11/22/02/03/00-objectA`]: 'other\n',
      '2026/11/22/02/a': 'a\n',
      '2026/11/22/02/b': 'b\n',
    });
    const { texts, streams } = await readAll(server);
    expect(texts).toEqual({ 'llm-0/engine': 'one\ntwo\n', 'llm-0/proxy': 'other\n', a: 'a\n', b: 'b\n' });
    expect(streams.find(({ name }) => name === 'llm-0/engine')?.identity).toEqual({
      pod: 'llm-0',
      namespace: 'serving',
      container: 'engine',
    });
  });

  it('nothing there: what lies beside it is named', async () => {
    await using server = await bucketServer({ 'prod/app/a.log': 'x\n', 'prod/db/a.log': 'x\n' });
    const { problems } = await readAll(server, { prefix: 'prod/ap1' });
    expect(problems).toMatchObject([{ came: 'none, but prod/app/, prod/db/', what: 's3.unreadable' }]);
  });
});

// Logs in a bucket, each writer's layout, whole processes against a real S3 server (versitygw).

import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayed, startupsText } from '../hall/replayed.ts';
import { coldtrace } from '../run-program.ts';
import { BUCKET, type Bucket, HAS_VERSITYGW, startVersitygw } from './real-versitygw.ts';
import { LAYOUTS, LOGS, type Objects, WINDOW } from './s3/layouts.ts';

let server: Bucket;
let client: S3Client;
beforeAll(async () => {
  if (!HAS_VERSITYGW) return;
  server = await startVersitygw();
  client = new S3Client({ ...server.settings, forcePathStyle: true });
});
afterAll(async () => {
  client?.destroy();
  await server?.remove();
});

async function put(objects: Objects, below: string): Promise<void> {
  for (const [key, Body] of Object.entries(objects)) {
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `${below}${key}`, Body }));
    const written = new Date('2026-11-22T02:12:00Z');
    await utimes(join(server.folder, below, key), written, written);
  }
}

const environment = () => ({
  AWS_ENDPOINT_URL_S3: server.settings.endpoint,
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'us-east-1',
});

const replayS3 = (place: string, options: readonly string[] = WINDOW) =>
  coldtrace(['replay', '--s3-logs', `s3://${BUCKET}/${place}`, ...options, '--format', 'json'], {
    env: environment(),
  });

interface ToldStartup {
  readonly pod: { readonly uid: string; readonly name?: string; readonly namespace?: string };
  readonly outcome: string;
  readonly class: string;
  readonly phases: readonly {
    readonly name: string;
    readonly start: string;
    readonly end: string;
    readonly container: string | null;
  }[];
}

const startupsIn = (text: string): readonly ToldStartup[] => JSON.parse(text).startups;

/** Who and when, without where the proof lies. */
const told = (text: string): unknown =>
  startupsIn(text).map(({ pod: { uid, name, namespace }, outcome, class: kind, phases }) => ({
    pod: { uid, name, namespace },
    outcome,
    kind,
    phases: phases.map(({ name: phase, start, end, container }) => [phase, start, end, container]),
  }));

describe.skipIf(!HAS_VERSITYGW)('versitygw 1.8.0 (.ci/servers/versitygw.sh)', () => {
  it.each(LAYOUTS.map((layout, index) => ({ ...layout, below: `l${index}/` })))(
    '$name tells what the same logs tell in files',
    async ({ objects, prefix, below }) => {
      await put(objects(), below);
      // What lies there beside it, of other days: it is not even asked for.
      await put(
        { 'date=2026-10-01/1-x.log': 'x', '2026/10/01/02/x': 'x', 'prod/2026/10/01/02/x': 'x' },
        below,
      );
      const { code, stdout, stderr } = await replayS3(`${below}${prefix}`);
      expect([code, stderr.includes('secret')]).toEqual([0, false]);
      expect(told(stdout)).toEqual(told(startupsText(await replayed([LOGS]))));
      expect(stderr).toMatch(/S3: \d+ calls, [\d.]+ kB of \d+ objects?; about \$0\.\d{4} for the calls/);
    },
  );

  it('the whole bucket at once: each start once, whatever copies of its logs there are', async () => {
    const { stdout } = await replayS3('l');
    expect(startupsIn(stdout).map(({ outcome }) => outcome)).toEqual(['ready']);
  });

  it('folders of other days are not listed', async () => {
    const { stdout } = await replayS3('l3/');
    const { tally } = JSON.parse(stdout);
    expect(tally).toMatchObject({ 's3_prefixes.skipped': expect.any(Number), 's3_objects.read': 1 });
    expect(tally['s3_objects.elsewhere']).toBeUndefined();
  });

  it('another day: nothing, said with what to check, exit 1', async () => {
    const other = ['--since', '2026-11-20T02:00:00Z', '--until', '2026-11-20T03:00:00Z'];
    const { code, stderr } = await replayS3('l0/fluent-bit-logs/', other);
    expect([code, stderr]).toEqual([1, expect.stringContaining('Check --since and --until')]);
  });

  it.each([
    ['s3://coldtrace-other/', 'NoSuchBucket'],
    [`s3://${BUCKET}/l0/fluent-bit-lags/`, 'none, but l0/'],
  ])('%s: told, exit 2', async (place, says) => {
    const { code, stderr } = await coldtrace(['replay', '--s3-logs', place, ...WINDOW], {
      env: environment(),
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
  });

  it('reads and lists, and changes nothing', async () => {
    const key = `l5/${Object.keys(LAYOUTS[5]?.objects() ?? {})[0]}`;
    const { LastModified } = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }));
    expect(LastModified).toEqual(new Date('2026-11-22T02:12:00Z'));
  });
});

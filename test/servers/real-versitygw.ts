// A real S3 server over a directory (versitygw), with an empty bucket, for one test file.
//
// Not there where .ci/servers/versitygw.sh has not been run (and COLDTRACE_VERSITYGW names no binary).
// Needs a file system with extended attributes.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Settings } from '../../lib/ledger/s3-store.ts';
import { builtServer, freePort, start } from './real-server.ts';

const VERSITYGW = builtServer('COLDTRACE_VERSITYGW', 'versitygw-1.8.0') ?? '';

export const HAS_VERSITYGW = VERSITYGW !== '';

export const BUCKET = 'coldtrace-state';

export interface Bucket {
  readonly settings: S3Settings & { readonly endpoint: string };
  /** The bucket as a folder. */
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

export async function startVersitygw(): Promise<Bucket> {
  const directory = await mkdtemp(join(tmpdir(), 'coldtrace-s3-'));
  await mkdir(join(directory, BUCKET));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const args = ['--access', 'key', '--secret', 'secret', '--quiet', '--health', '/_health'];
  const rest = ['--port', `127.0.0.1:${port}`, '--region', 'us-east-1', 'posix', directory];
  const { stop } = await start(VERSITYGW, [...args, ...rest], `${endpoint}/_health`);
  return {
    settings: {
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    },
    folder: join(directory, BUCKET),
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

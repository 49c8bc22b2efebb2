// The functions as they are uploaded: bundled, far from sources and node_modules, with a real bucket where there is one.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sink, taken } from '../exporters/sink.ts';
import { runProgram } from '../run-program.ts';
import { GROUP, insightsServer } from '../servers/cloudwatch/recorded.ts';
import { BUCKET, HAS_VERSITYGW, startVersitygw } from '../servers/real-versitygw.ts';
import { awsServer } from './aws-server.ts';
import { invoked } from './invoked.ts';

const directory = mkdtempSync(join(tmpdir(), 'coldtrace-bundle-'));
const FUNCTIONS = join(directory, 'moved');
const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:coldtrace/otlp';

beforeAll(async () => {
  const built = await runProgram(process.execPath, ['.ci/build-functions.ts', join(directory, 'built')]);
  expect(built, built.stderr).toMatchObject({ code: 0 });
  cpSync(join(directory, 'built'), FUNCTIONS, { recursive: true });
});

afterAll(() => rmSync(directory, { recursive: true }));

describe('the bundle', () => {
  it.each(['collect', 'analyze', 'backfill', 'work'])(
    '%s loads, and refuses a wrong event by name',
    async (name) => {
      const ran = await invoked(name, { wrong: 1 }, { FUNCTIONS, AWS_REGION: 'us-east-1' });
      expect(ran.error).toMatch(/^event\./);
      expect(ran.line).toMatchObject({ function: name, status: 'failed' });
    },
  );

  it.skipIf(!HAS_VERSITYGW)('tells a slice with its state in a bucket (versitygw)', async () => {
    const bucket = await startVersitygw();
    try {
      await using logs = await insightsServer();
      await using to = await sink(taken);
      await using aws = await awsServer();
      aws.secrets.set(SECRET, ['{"x-key": "k"}']);
      const body = { version: 1, plan: 'abc', from: '2026-11-22T02:00:00Z', to: '2026-11-22T03:00:00Z' };
      const event = { Records: [{ messageId: 'm1', body: JSON.stringify(body) }] };
      const env = {
        FUNCTIONS,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_ENDPOINT_URL_S3: bucket.settings.endpoint,
        AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
        COLDTRACE_STORE: `s3://${BUCKET}/prod`,
        COLDTRACE_LOG_GROUPS: GROUP,
        COLDTRACE_OTLP_SECRET: SECRET,
        COLDTRACE_TOO_OLD: 'send',
        OTEL_EXPORTER_OTLP_ENDPOINT: to.url,
      };
      const first = await invoked('work', event, env);
      expect(first.answer).toEqual({ batchItemFailures: [] });
      expect(first.line, first.said).toMatchObject({ status: 'ok' });
      const sent = to.received.length;
      expect(sent).toBeGreaterThan(0);
      await invoked('work', event, env);
      expect(to.received).toHaveLength(sent);
    } finally {
      await bucket.remove();
    }
  });
});

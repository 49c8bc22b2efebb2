// The four functions as processes, with real events, over real HTTP: what they answer, say, store and send.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reply, reply, type Sink, sink, taken } from '../exporters/sink.ts';
import { GROUP, insightsServer } from '../servers/cloudwatch/recorded.ts';
import type { CloudwatchServer } from '../servers/cloudwatch/server.ts';
import { fakeCluster, kubeconfigFor, recorded } from '../sources/kube/fake-cluster.ts';
import { type AwsServer, awsServer } from './aws-server.ts';
import { invoked } from './invoked.ts';

const OTLP_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:coldtrace/otlp';
const KUBE_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:coldtrace/kube';
const CANARY = 'canary-0f9c1e7b';

const directory = mkdtempSync(join(tmpdir(), 'coldtrace-functions-'));

afterAll(() => rmSync(directory, { recursive: true }));

const freshStore = (): string => mkdtempSync(join(directory, 'store-'));

const AWS = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: CANARY,
  COLDTRACE_SERVICE: 'coldtrace-test',
};

/** The recorded start ended at 02:06. */
const SLICE = { version: 1, plan: 'abc', from: '2026-11-22T02:00:00Z', to: '2026-11-22T03:00:00Z' };

const record = (messageId: string, body: unknown) => ({
  messageId,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  receiptHandle: 'x',
  attributes: { ApproximateReceiveCount: '1' },
  eventSource: 'aws:sqs',
});

let logs: CloudwatchServer;

beforeAll(async () => {
  logs = await insightsServer();
});

afterAll(() => logs[Symbol.asyncDispose]());

const reading = (store: string, to: Sink) => ({
  ...AWS,
  COLDTRACE_STORE: store,
  COLDTRACE_LOG_GROUPS: GROUP,
  COLDTRACE_TOO_OLD: 'send',
  AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.url,
  OTEL_EXPORTER_OTLP_ENDPOINT: to.url,
});

const lettersIn = (store: string): readonly string[] =>
  readdirSync(join(store, 'v1'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /^dlq\/.*\.json$/.test(name))
    .map((name) => readFileSync(join(store, 'v1', name), 'utf8'));

describe('work', () => {
  it('tells a slice once, however often its message comes', async () => {
    await using to = await sink(taken);
    const env = reading(freshStore(), to);
    const event = { Records: [record('m1', SLICE)] };
    const first = await invoked('work', event, env);
    expect(first).toMatchObject({ answer: { batchItemFailures: [] }, error: undefined });
    const spans = to.received.flatMap((each) => each.spans);
    expect(spans.length).toBeGreaterThan(10);
    expect(first.line).toMatchObject({
      service: 'coldtrace-test',
      function: 'work',
      status: 'ok',
      request_id: 'request-1',
      dropped: 0,
      ambiguous: 0,
    });
    expect(first.line['bytes_read']).toBeGreaterThan(10_000);
    const sent = to.received.length;
    const again = await invoked('work', event, env);
    expect(again.answer).toEqual({ batchItemFailures: [] });
    expect(to.received).toHaveLength(sent);
  });

  it('reports a poison slice alone, and lays a message that is none aside', async () => {
    await using to = await sink(taken);
    const store = freshStore();
    const env = { ...reading(store, to), COLDTRACE_LOG_GROUPS: `${GROUP},/not/there` };
    const ran = await invoked(
      'work',
      {
        Records: [
          record('good', { ...SLICE, sources: [GROUP] }),
          record('poison', { ...SLICE, sources: ['/not/there'] }),
          record('broken', `{"token": "${CANARY}"`),
          record('strange', { ...SLICE, from: 'yesterday' }),
          record('unknown', { ...SLICE, sources: ['/of/somebody/else'] }),
        ],
      },
      env,
    );
    expect(ran.answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'poison' }] });
    expect(to.received.flatMap((each) => each.spans).length).toBeGreaterThan(10);
    expect(lettersIn(store)).toHaveLength(3);
    expect(lettersIn(store).join('\n')).toContain('message.from: expected a time');
    expect(JSON.stringify([ran.said, lettersIn(store)])).not.toContain(CANARY);
  });

  it('begins no slice without the time for it: it comes again', async () => {
    await using to = await sink(taken);
    const ran = await invoked('work', { Records: [record('m1', SLICE)] }, reading(freshStore(), to), 30_000);
    expect(ran.answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(to.received).toEqual([]);
  });

  it('refuses what is no event of SQS, by name', async () => {
    await using to = await sink(taken);
    const ran = await invoked('work', { Records: [{ messageId: 'm1' }] }, reading(freshStore(), to));
    expect(ran.error).toBe('event.Records.0.body: expected the text of a message, got nothing');
    expect(ran.line).toMatchObject({ status: 'failed', level: 'ERROR' });
  });
});

describe('the secret of the destination', () => {
  const withSecret = async (
    texts: readonly string[],
    replies: readonly Reply[],
    check: (ran: Awaited<ReturnType<typeof invoked>>, servers: { to: Sink; aws: AwsServer }) => void,
  ) => {
    await using to = await sink(...replies);
    await using aws = await awsServer();
    aws.secrets.set(OTLP_SECRET, texts);
    const env = {
      ...reading(freshStore(), to),
      COLDTRACE_OTLP_SECRET: OTLP_SECRET,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    };
    check(await invoked('work', { Records: [record('m1', SLICE)] }, env), { to, aws });
  };

  it('goes out as headers, and nowhere else', () =>
    withSecret([`{"DD-API-KEY": "${CANARY}"}`], [taken], (ran, { to, aws }) => {
      expect(ran.answer).toEqual({ batchItemFailures: [] });
      expect(to.received.every(({ headers }) => headers['dd-api-key'] === CANARY)).toBe(true);
      expect(to.received.length).toBeGreaterThan(0);
      expect(aws.secretReads()).toBe(1);
      expect(ran.said).not.toContain(CANARY);
    }));

  it('is asked again once after a refusal, and the new one is used (scenario 19)', () =>
    withSecret(['{"x-key": "old"}', '{"x-key": "new"}'], [reply(401), taken], (ran, { to, aws }) => {
      expect(aws.secretReads()).toBe(2);
      expect(to.received.map(({ headers }) => headers['x-key'])).toEqual(
        to.received.map((_, index) => (index === 0 ? 'old' : 'new')),
      );
      expect(to.received.length).toBeGreaterThan(1);
      expect(ran.line).toMatchObject({ status: 'ok', parked: 0 });
    }));

  it('that is still the same is knocked with no more: nothing is sent, nothing is lost', () =>
    withSecret(['{"x-key": "old"}'], [reply(403)], (ran, { to, aws }) => {
      expect(aws.secretReads()).toBe(2);
      expect(to.received.length).toBeLessThanOrEqual(2);
      expect(ran.line).toMatchObject({ status: 'partial', parked: 1 });
    }));

  it.each([
    ['a line end', `{"x-key": "${CANARY}\\n"}`],
    ['a line end in text', `x-key=${CANARY}\n`],
    ['an emoji', `{"x-key": "${CANARY}🔑"}`],
    ['no JSON', `{"x-key": "${CANARY}`],
    ['a number', '{"x-key": 5}'],
  ])('with %s is refused at the start (scenario 28)', (_, text) =>
    withSecret([text], [taken], (ran, { to }) => {
      expect(ran.error).toContain('COLDTRACE_OTLP_SECRET (coldtrace/otlp): ');
      expect(to.received).toEqual([]);
      expect(ran.said).not.toContain(CANARY);
    }),
  );
});

describe('analyze', () => {
  it('moves the watermark and says how far behind it is; another at the same time is skipped', async () => {
    await using to = await sink(taken);
    const store = freshStore();
    const env = reading(store, to);
    const both = await Promise.all([invoked('analyze', {}, env), invoked('analyze', {}, env)]);
    expect(both.map(({ line }) => line['status']).toSorted()).toEqual(['ok', 'skipped']);
    const [ran] = both.filter(({ line }) => line['status'] === 'ok');
    expect(ran?.answer).toMatchObject({ status: 'ok', complete: true, watermark: {} });
    expect(ran?.line['watermark_lag_seconds']).toBeGreaterThan(100);
    expect(ran?.line['watermark_lag_seconds']).toBeLessThan(900);
    expect(ran?.line['_aws']).toMatchObject({
      CloudWatchMetrics: [{ Namespace: 'coldtrace', Dimensions: [['service', 'function']] }],
    });
    const skipped = both.find(({ line }) => line['status'] === 'skipped');
    expect(skipped?.line).not.toHaveProperty('_aws');
  });

  it('fails aloud when a source cannot be read, and the watermark stays', async () => {
    await using to = await sink(taken);
    const env = { ...reading(freshStore(), to), COLDTRACE_LOG_GROUPS: '/not/there' };
    const ran = await invoked('analyze', {}, env);
    expect(ran.error).toContain('/not/there');
    expect(ran.line).toMatchObject({ status: 'failed', level: 'ERROR' });
  });

  it.each([
    [{ since: '2h' }, 'event.since: expected no such key, got one'],
    [[], 'event: expected an object without keys: {}, got a list'],
  ])('refuses %j', async (event, expected) => {
    await using to = await sink(taken);
    const ran = await invoked('analyze', event, reading(freshStore(), to));
    expect(ran.error).toBe(expected);
  });

  it.each([
    ['COLDTRACE_STORE', '', 'COLDTRACE_STORE: expected a folder, or s3://bucket/prefix, got none'],
    ['COLDTRACE_LATENESS', 'soon', 'COLDTRACE_LATENESS: expected a time such as 45m'],
    ['COLDTRACE_LOG_INSIGHTS', 'perhaps', 'COLDTRACE_LOG_INSIGHTS: expected'],
    ['COLDTRACE_DESTINATION', 'mars', 'COLDTRACE_DESTINATION: expected datadog'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'nowhere', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ])('names the variable %s when it is wrong', async (name, value, expected) => {
    await using to = await sink(taken);
    const ran = await invoked('analyze', {}, { ...reading(freshStore(), to), [name]: value });
    expect(ran.error).toContain(expected);
  });
});

describe('backfill', () => {
  const ask = async (event: unknown, refuse: readonly number[] = []) => {
    await using to = await sink(taken);
    await using aws = await awsServer();
    aws.refuse.push(...refuse);
    const env = {
      ...reading(freshStore(), to),
      COLDTRACE_QUEUE_URL: `${aws.url}/111122223333/slices`,
      AWS_ENDPOINT_URL_SQS: aws.url,
    };
    const ran = await invoked('backfill', event, env);
    return { ran, messages: aws.messages, batches: aws.batches() };
  };

  it('puts every slice on the queue, ten at a time, and again what SQS refuses under HTTP 200', async () => {
    const event = { from: '2026-11-22T00:30:00Z', to: '2026-11-22T13:00:00Z' };
    const { ran, messages, batches } = await ask(event, [3]);
    expect(ran.answer).toMatchObject({ slices: 13, dryRun: false, estimate: { hoursRead: 12.5 + 13 * 2 } });
    expect(batches).toBe(3);
    const slices = messages
      .map((message) => JSON.parse(message))
      .toSorted((a, b) => (a.from < b.from ? -1 : 1));
    expect(slices).toHaveLength(13);
    expect(slices[0]).toMatchObject({ from: '2026-11-22T00:30:00.000000000Z' });
    expect(slices.at(-1)).toMatchObject({ to: '2026-11-22T13:00:00.000000000Z' });
    for (const [index, slice] of slices.entries())
      if (index > 0) expect(slice.from).toBe(slices[index - 1].to);
  });

  it('sends nothing in a dry run, and names the same plan', async () => {
    const event = { from: '2026-11-22T00:00:00Z', to: '2026-11-22T02:00:00Z' };
    const dry = await ask({ ...event, dryRun: true });
    expect(dry.messages).toEqual([]);
    expect(dry.ran.answer).toMatchObject({ slices: 2, dryRun: true });
    const { ran } = await ask(event);
    expect(ran.answer).toHaveProperty('planId', Object(dry.ran.answer)['planId']);
  });

  it('does not call what it does not know nothing', async () => {
    const { ran } = await ask({ from: '3h', to: '1h', dryRun: true });
    const { estimate, notes } = Object(ran.answer);
    expect(estimate).not.toHaveProperty('usd');
    expect(notes).toEqual([`${GROUP}: how much it holds is not known`]);
  });

  it.each([
    [{ from: '2h' }, 'event.to: expected a time'],
    [{ from: 'yesterday', to: '1h' }, 'event.from: expected a time such as'],
    [{ from: '1h', to: '2h' }, 'event.from: expected a time before event.to, got "1h"'],
    [{ from: '1h', to: '2999-01-01T00:00:00Z' }, 'event.to: expected no time in the future'],
    [{ from: '31d', to: '1h' }, 'since sources keep 30 days (COLDTRACE_RETENTION_DAYS), got "31d"'],
    [{ from: '2h', to: '1h', sources: ['/other'] }, 'event.sources: expected of the configured log groups'],
    [{ from: '2h', to: '1h', destination: 'datadog' }, 'event.destination: expected otlp'],
    [{ from: '2h', to: '1h', dryrun: true }, 'event.dryrun: expected no such key'],
  ])('refuses %j', async (event, expected) => {
    const { ran, messages } = await ask(event);
    expect(ran.error).toContain(expected);
    expect(messages).toEqual([]);
  });
});

describe('collect', () => {
  it('keeps what a cluster says, and goes on when another fails', async () => {
    await using cluster = await fakeCluster({ world: recorded('vllm-cold-image') });
    await using aws = await awsServer();
    aws.secrets.set(KUBE_SECRET, [kubeconfigFor(cluster.url, { user: { token: CANARY } })]);
    const clusters = [
      { name: 'lost', region: 'eu-west-1' },
      { name: 'other', kubeconfigSecret: KUBE_SECRET },
    ];
    const store = freshStore();
    const env = {
      ...AWS,
      COLDTRACE_STORE: store,
      COLDTRACE_CLUSTERS: JSON.stringify(clusters),
      AWS_ENDPOINT_URL: aws.url,
    };
    const ran = await invoked('collect', {}, env);
    expect(ran.answer).toMatchObject({
      status: 'partial',
      clusters: [
        { name: 'lost', status: 'failed' },
        { name: 'other', status: 'ok' },
      ],
    });
    expect(ran.line).toMatchObject({ clusters_failed: 1 });
    expect(ran.said).toContain('eks:DescribeCluster');
    expect(readdirSync(join(store, 'v1/evidence'))).toEqual(['other']);
    expect(cluster.calls[0]?.headers.authorization).toBe(`Bearer ${CANARY}`);
    expect(ran.said).not.toContain(CANARY);
    const unknown = await invoked('collect', { clusters: ['mars'] }, env);
    expect(unknown.error).toBe('event.clusters: expected of lost, other, got "mars"');
  });

  it.each([
    ['', 'COLDTRACE_CLUSTERS: expected names of clusters, got none'],
    ['a,a', 'expected each name once'],
    ['[{"name": "a", "endpoint": "https://a"}]', 'expected endpoint and ca together, or neither'],
    ['[{"name": "a", "nam": 1}]', 'COLDTRACE_CLUSTERS.0.nam: expected no such key'],
    ['[', 'got broken JSON'],
  ])('refuses the clusters %j', async (given, expected) => {
    const env = { ...AWS, COLDTRACE_STORE: freshStore(), COLDTRACE_CLUSTERS: given };
    expect((await invoked('collect', {}, env)).error).toContain(expected);
  });
});

// Log groups from the command line: whole processes against the strict stand-in.

import { describe, expect, it } from 'vitest';
import { coldtrace } from '../run-program.ts';
import {
  environmentFor,
  GROUP,
  INSIGHTS_OPTIONS,
  insightsServer,
  recordedStreams,
} from '../servers/cloudwatch/recorded.ts';
import { Refused } from '../servers/cloudwatch/refusal.ts';
import { type CloudwatchServer, cloudwatchServer } from '../servers/cloudwatch/server.ts';
import { folderOf, replayed, startupsText } from './replayed.ts';

const OPTIONS = [...INSIGHTS_OPTIONS, '--format', 'json'];

async function startupsOf(server: CloudwatchServer, options: readonly string[] = OPTIONS): Promise<string> {
  const { code, stdout, stderr } = await coldtrace(['replay', ...options], { env: environmentFor(server) });
  expect([code, stderr.includes('canary')]).toEqual([0, false]);
  return JSON.stringify(JSON.parse(stdout).startups);
}

/** The same events in a file, each as `aws logs filter-log-events | jq -c .events[]` writes it. */
async function fromFile(): Promise<string> {
  const events = recordedStreams().flatMap(({ stream, events }) =>
    events.map((event) => ({ ...event, logStreamName: stream, logGroupName: GROUP })),
  );
  const sorted = events.toSorted((a, b) => a.timestamp - b.timestamp);
  const answer = await replayed([
    folderOf({ 'events.jsonl': sorted.map((event) => `${JSON.stringify(event)}\n`).join('') }),
  ]);
  return JSON.stringify(JSON.parse(startupsText(answer)).startups);
}

describe('coldtrace replay --cloudwatch-log-group', () => {
  it('tells what it tells of the same events in a file', async () => {
    await using server = await insightsServer();
    const told = await startupsOf(server);
    expect(told).toBe(await fromFile());
    expect(told).toContain('"outcome":"ready"');
    const spans = await coldtrace(['replay', ...INSIGHTS_OPTIONS, '--format', 'otlp-json'], {
      env: environmentFor(server),
    });
    expect(spans.stdout).toMatch(/"k8s\.cluster\.name","value":\{"stringValue":"demo"/);
  });

  it('the same with tiny pages, empty ones, a token that expires, and every event twice', async () => {
    await using server = await insightsServer();
    for (const { stream, events } of recordedStreams())
      server.world.store.put(GROUP, stream, events, 1_795_400_000_000);
    let pages = 0;
    server.world.pageLimit = () => {
      pages += 1;
      if (pages === 2) server.world.tokens.expireAll();
      return pages === 1 ? 0 : 100;
    };
    const phases = (text: string) =>
      JSON.parse(text)[0].phases.map(({ name, start, end }: Record<string, string>) => [name, start, end]);
    expect(phases(await startupsOf(server))).toEqual(phases(await fromFile()));
  });

  it('the same from a group of infrequent access, by query, with what it cost', async () => {
    await using server = await insightsServer({ class: 'INFREQUENT_ACCESS' });
    expect(await startupsOf(server)).toBe(await fromFile());
    const { stderr } = await coldtrace(['replay', ...OPTIONS], { env: environmentFor(server) });
    expect(stderr).toMatch(
      /CloudWatch Logs: \d+ calls, [\d.]+ kB of \d+ events; about \$0\.\d{4} for [\d.]+ kB scanned/,
    );
  });

  it('paths and groups together: the pod from the dump, its logs from CloudWatch', async () => {
    await using server = await insightsServer();
    const dump = 'fixtures/vllm-cold-image/evidence/pods.json';
    const told = await startupsOf(server, [dump, ...OPTIONS]);
    expect(told).toContain('"pod_pending"');
    expect(told).toContain('"engine_init"');
  });

  it('a permission that is missing: exit 2, and what to add', async () => {
    await using server = await cloudwatchServer(() => {
      throw new Refused('AccessDeniedException', 'is not authorized');
    });
    const { code, stderr } = await coldtrace(['replay', ...OPTIONS], { env: environmentFor(server) });
    expect(code).toBe(2);
    expect(stderr).toContain('"Action":"logs:DescribeLogStreams"');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('no region anywhere: told, with the remedy', async () => {
    await using server = await insightsServer();
    const args = ['replay', '--cloudwatch-log-group', GROUP, '--since', '2h'];
    const { code, stderr } = await coldtrace(args, {
      env: { ...environmentFor(server), HOME: '/nonexistent' },
    });
    expect([code, stderr]).toEqual([2, expect.stringContaining('AWS_REGION')]);
  });

  it('nothing in the window: exit 1', async () => {
    await using server = await insightsServer();
    const args = [
      'replay',
      '--cloudwatch-log-group',
      GROUP,
      '--since',
      '2026-11-01T00:00:00Z',
      '--until',
      '2026-11-02T00:00:00Z',
      '--aws-region',
      'eu-west-1',
    ];
    const { code, stderr } = await coldtrace(args, { env: environmentFor(server) });
    expect([code, stderr]).toEqual([1, expect.stringContaining(GROUP)]);
  });

  it.each([
    [['--cloudwatch-log-group', GROUP], 'expected --since beside it'],
    [['--cloudwatch-log-group', 'no group', '--since', '2h'], 'expected the name of a log group'],
    [['.', '--cloudwatch-insights'], 'expected beside the other options'],
    [
      ['--cloudwatch-log-group', GROUP, '--since', '2h', '--cloudwatch-insights', '--cloudwatch-filter', 'x'],
      'no filter patterns',
    ],
  ])('%j is refused', async (args, says) => {
    const { code, stderr } = await coldtrace(['replay', ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
  });
});

// The audit log in every wrapping it travels in: the same startups come out.

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { dump } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { linesOf } from '../kubernetes/audit/audit-log.ts';
import { piped, replayedTree, startupsText, type Tree } from './replayed.ts';

const LINES = linesOf('crashloop.request-response');
const STREAM = 'kube-apiserver-audit-0f3a9c3e5b7d4a6e8f1029384756aabb';
const MS = 1_795_311_812_155;

const ndjson = (values: readonly unknown[]): string =>
  `${values.map((one) => JSON.stringify(one)).join('\n')}\n`;

const plain = await replayedTree({ 'audit.log': `${LINES.join('\n')}\n` });

const event = (message: string) => ({
  logStreamName: STREAM,
  timestamp: MS,
  message,
  ingestionTime: MS,
  eventId: '3',
});

const otlp = (text: string) => ({
  resourceLogs: [
    { scopeLogs: [{ logRecords: [{ timeUnixNano: `${MS}000000`, body: { stringValue: text } }] }] },
  ],
});

/** As containerd writes what an API server with --audit-log-path=- prints: in parts of 16 KiB. */
function cri(text: string): string {
  const parts = text.match(/[\s\S]{1,16384}/g) ?? [];
  return parts
    .map((part, index) => `2026-11-22T01:45:20.1Z stdout ${index < parts.length - 1 ? 'P' : 'F'} ${part}`)
    .join('\n');
}

/** Longer than one part. */
const LONG = LINES.map((line) =>
  line.replace('"annotations":', `"note":"${'x'.repeat(20_000)}","annotations":`),
);

const WRAPPED: Readonly<Record<string, string | Uint8Array>> = {
  packed: gzipSync(`${LINES.join('\n')}\n`),
  'without a last line end': LINES.join('\n'),
  CRLF: LINES.join('\r\n'),
  'kubectl logs --timestamps of an API server': LINES.map((line) => `2026-11-22T01:45:20.1Z ${line}`).join(
    '\n',
  ),
  'CRI, in parts': LONG.map(cri).join('\n'),
  'CloudWatch events, one per line': ndjson(LINES.map(event)),
  'aws logs filter-log-events, pretty': JSON.stringify(
    { events: LINES.map(event), searchedLogStreams: [] },
    null,
    4,
  ),
  'aws logs filter-log-events, compact': JSON.stringify({ events: LINES.map(event) }),
  'aws logs tail': LINES.map((line) => `2026-11-22T01:43:32.155000+00:00 ${STREAM} ${line}`).join('\n'),
  'a subscription record': JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '071959437513',
    logGroup: '/aws/eks/lab/cluster',
    logStream: STREAM,
    subscriptionFilters: ['all'],
    logEvents: LINES.map((message, index) => ({ id: String(index), timestamp: MS, message })),
  }),
  'OTLP logs': ndjson(LINES.map(otlp)),
  'Fluent Bit': ndjson(
    LINES.map((log) => ({
      date: MS / 1000,
      log,
      kubernetes: { pod_name: 'kube-apiserver-vm', namespace_name: 'kube-system' },
    })),
  ),
  Vector: ndjson(
    LINES.map((message) => ({
      file: '/var/log/kubernetes/audit.log',
      host: 'vm',
      message,
      source_type: 'file',
      timestamp: '2026-11-22T01:45:20.1Z',
    })),
  ),
  'an export of CloudWatch to S3': gzipSync(
    LINES.map((line) => `2026-11-22T01:45:20.123Z ${line}\n`).join(''),
  ),
  YAML: LINES.map((line) => dump(JSON.parse(line))).join('---\n'),
  'an EventList, as a webhook gets it': JSON.stringify({
    kind: 'EventList',
    apiVersion: 'audit.k8s.io/v1',
    metadata: {},
    items: LINES.map((line) => withoutType(JSON.parse(line))),
  }),
  'an array': JSON.stringify(LINES.map((line) => JSON.parse(line))),
  'jq .': LINES.map((line) => JSON.stringify(JSON.parse(line), null, 2)).join('\n'),
};

function withoutType({ kind, apiVersion, ...record }: Record<string, unknown>): unknown {
  return kind === 'Event' ? record : { kind, apiVersion, ...record };
}

describe('the same startups', () => {
  test('there are four attempts, the last one ready', () => {
    expect(plain.startups.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'ready']);
  });

  test.each(Object.entries(WRAPPED))('%s', async (_, content) => {
    const answer = await replayedTree({ 'audit.log': content });
    expect(startupsText(answer)).toBe(startupsText(plain));
    expect(answer.problems).toEqual([]);
    expect(answer.tally.get('files.not_evidence')).toBeUndefined();
  });

  test.each<[string, Tree]>([
    ['two copies', { 'a/audit.log': LINES.join('\n'), 'b/copy.log': LINES.join('\n') }],
    [
      'rotated in the middle',
      { 'a.log': LINES.slice(0, 30).join('\n'), 'b.log': LINES.slice(30).join('\n') },
    ],
    ['backwards', { 'a.log': [...LINES].reverse().join('\n') }],
    ['plain and from CloudWatch', { 'a.log': LINES.join('\n'), 'cw.json': ndjson(LINES.map(event)) }],
  ])('%s', async (_, tree) => {
    expect(startupsText(await replayedTree(tree))).toBe(startupsText(plain));
  });

  test('through a pipe, byte by byte nearly', async () => {
    const bytes = Buffer.from(LINES.join('\n'));
    const chunks = Array.from({ length: Math.ceil(bytes.length / 997) }, (_, index) =>
      bytes.subarray(index * 997, (index + 1) * 997),
    );
    expect(startupsText(await piped(chunks))).toBe(startupsText(plain));
  });
});

describe('what a line of it is not', () => {
  test('a line of a container', async () => {
    const lines = LINES.map((log) => ({
      log: `${log}\n`,
      stream: 'stdout',
      time: '2026-11-22T01:45:20.1Z',
    }));
    const path = 'kube-system_kube-apiserver-vm_0b6f7a0e-3d1f-4c55-9d5e-1f2a3b4c5d6e/kube-apiserver/0.log';
    const { startups, lint } = await replayedTree({ [path]: ndjson(lines) }, { lint: true });
    expect(startups.map(({ pod }) => pod.name)).toEqual(['demo', 'demo', 'demo', 'demo']);
    expect(lint).toEqual([]);
  });

  test('nothing, when it is about something else: the file is evidence all the same', async () => {
    const answer = await replayedTree({ 'audit.log': LINES.slice(0, 3).join('\n') });
    expect(answer.startups).toEqual([]);
    expect(answer.tally.get('files.evidence')).toBe(1);
    expect(answer.tally.get('lines.witness')).toBe(3);
  });

  test('a reason to lose the log around it', async () => {
    const engine = readFileSync('fixtures/vllm-dp2/evidence/d-dp2.log', 'utf8');
    const alone = await replayedTree({ 'd-dp2.log': engine });
    const mixed = await replayedTree({ 'd-dp2.log': `${LINES[0]}\n${engine}` });
    expect(mixed.startups.map(({ outcome, phases }) => [outcome, phases.map(({ name }) => name)])).toEqual(
      alone.startups.map(({ outcome, phases }) => [outcome, phases.map(({ name }) => name)]),
    );
  });
});

describe('lines that cannot be read', () => {
  test('are counted and named once, and the rest is answered', async () => {
    const broken = [LINES[3]?.slice(0, 700), ...LINES, LINES[9]?.slice(0, 2000)].join('\n');
    const answer = await replayedTree({ 'audit.log': broken });
    expect(startupsText(answer)).toBe(startupsText(plain));
    expect(answer.tally.get('lines.unreadable')).toBe(2);
    expect(answer.problems).toEqual([
      {
        where: expect.stringMatching(/audit\.log: line 1$/),
        expected: 'a whole audit record in JSON',
        came: '2 lines that are none, the first is text that ends after 700 characters',
        what: 'lines.unreadable',
        asked: false,
      },
    ]);
  });

  test('a list that was cut off: its whole items are used', async () => {
    const list = JSON.stringify({
      kind: 'EventList',
      apiVersion: 'audit.k8s.io/v1',
      items: LINES.map((line) => withoutType(JSON.parse(line))),
    });
    const answer = await replayedTree({ 'audit.json': list.slice(0, -3000) });
    expect(answer.startups.length).toBeGreaterThan(2);
    expect(answer.problems.map(({ what }) => what)).toEqual(['documents.unreadable']);
  });
});

describe('secrets', () => {
  const CANARY = 'hunter2canary';
  const pod = (text: string): string =>
    text
      .replaceAll('"name":"server"', `"name":"server","env":[{"name":"HF_TOKEN","value":"${CANARY}"}]`)
      .replaceAll('"--fails=3"', `"--api-key","${CANARY}"`);
  const user = (text: string): string =>
    text.replaceAll('"username":"lab-admin"', `"username":"token=${CANARY}"`);
  const secret = JSON.stringify({
    ...JSON.parse(LINES[3] ?? ''),
    objectRef: { resource: 'secrets', namespace: 'x', name: 'y' },
    requestObject: { kind: 'Secret', stringData: { key: CANARY } },
    responseObject: { kind: 'Secret', data: { key: CANARY } },
  });
  const cutOff = (LINES[3] ?? '').replace('"verb"', `"${CANARY}":1,"verb"`).slice(0, 900);

  test.each([
    ['in the environment and the command of a pod', LINES.map(pod)],
    ['as a user', LINES.map(user)],
    ['in a Secret that the policy let through', [...LINES, secret]],
    ['in a record that is cut off', [...LINES, cutOff]],
  ])('%s', async (_, lines) => {
    const text = lines.join('\n');
    expect(text).toContain(CANARY);
    const answer = await replayedTree({ 'audit.log': text });
    expect(answer.startups).toHaveLength(4);
    const said = JSON.stringify([answer.startups, answer.problems, [...answer.tally]], (_key, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(said).not.toContain(CANARY);
  });
});

test('a refused eviction is counted and changes no startup, in a file of lines and in a list', async () => {
  const eviction = JSON.parse(linesOf('deletions.eks')[31] ?? '{}') as { responseStatus: object };
  const target = { resource: 'pods', subresource: 'eviction', namespace: 's-d-crashloop', name: 'demo' };
  const refused = {
    ...eviction,
    objectRef: target,
    responseStatus: { code: 429 },
    responseObject: undefined,
  };
  const records = [...LINES.map((line) => JSON.parse(line) as object), refused];
  const list = JSON.stringify({ kind: 'EventList', apiVersion: 'audit.k8s.io/v1', items: records });
  for (const text of [ndjson(records), list]) {
    const answer = await replayedTree({ 'audit.log': text });
    expect(startupsText(answer)).toBe(startupsText(plain));
    expect(answer.tally.get('evictions.refused')).toBe(1);
  }
});

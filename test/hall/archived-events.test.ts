// Events that somebody kept: as files, in the envelopes of log shippers, beside dumps. The same events, the same startups.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { folderOf, replayed, replayedTree, startupsText, type Tree } from './replayed.ts';

const read = (name: string): string => readFileSync(`fixtures/kubernetes/a_cold/${name}`, 'utf8');
const EVENTS = (JSON.parse(read('events.json')) as { items: Record<string, unknown>[] }).items;

/** As Go marshals a typed object: without its kind. */
const bare = (event: Record<string, unknown>): string =>
  JSON.stringify(
    Object.fromEntries(Object.entries(event).filter(([key]) => key !== 'kind' && key !== 'apiVersion')),
  );

const lines = (of: (text: string, index: number) => string): string =>
  `${EVENTS.map((event, index) => of(bare(event), index)).join('\n')}\n`;

const cri = (text: string, index: number): string =>
  `2026-11-22T09:00:0${index % 10}.000000001Z stdout F ${text}`;

const routed = (text: string): string => `{"verb":"ADDED","event":${text}}`;

const cloudWatch = (text: string): string =>
  JSON.stringify({
    timestamp: 1_795_400_000_000,
    ingestionTime: 1_795_400_000_500,
    message: text,
    eventId: '1',
    logStreamName: 's',
  });

const fluentBit = (text: string): string =>
  JSON.stringify({
    time: '2026-11-22T09:00:00.000000001Z',
    stream: 'stdout',
    _p: 'F',
    log: text,
    kubernetes: {
      pod_name: 'eventrouter-0',
      namespace_name: 'logging',
      pod_id: 'aaaaaaaa-0000-4000-8000-000000000000',
      container_name: 'router',
    },
  });

/** Namespace logging is not one in which only administrators make pods: the operator has to say it. */
const trusted = [{ namespace: 'logging', pod: 'eventrouter' }];

const FORMS: Readonly<Record<string, string>> = {
  'kubernetes-event-exporter, a file': lines((text) => `${text.slice(0, -1)},"clusterName":"lab"}`),
  'eventrouter, a file': lines(routed),
  'eventrouter, glog': lines((text) => `I1122 09:00:00.000000       1 glogsink.go:43] ${routed(text)}`),
  'eventrouter, its container’s CRI file': lines((text, index) => cri(routed(text), index)),
  'eventrouter in CloudWatch': lines((text) => cloudWatch(routed(text))),
  'eventrouter, shipped by Fluent Bit': lines((text) => fluentBit(routed(text))),
  'Fluent Bit kubernetes_events': lines((text) => `[1795390000.0,${text}]`),
  'Fluent Bit, json_lines': lines((text) => `{"date":1795390000.0,${text.slice(1)}`),
  'a watch': `${EVENTS.map((event) => JSON.stringify({ type: 'ADDED', object: event })).join('\n')}\n`,
  'a watch that saw them expire': `${EVENTS.map((event) => JSON.stringify({ type: 'DELETED', object: event })).join('\n')}\n{"type":"ERROR","object":{"kind":"Status","message":"too old resource version"}}\n`,
  'plain objects in CloudWatch': lines((text) => cloudWatch(text)),
};

describe('archived events tell what the dump tells', async () => {
  const expected = startupsText(
    await replayedTree({ 'pods.json': read('pods.json'), 'events.json': read('events.json') }),
  );

  it('which is more than the pod alone', async () => {
    expect(expected).not.toBe(startupsText(await replayedTree({ 'pods.json': read('pods.json') })));
    expect(expected).toContain('image_pull');
  });

  it.each(Object.entries(FORMS))('%s', async (_what, text) => {
    const answer = await replayedTree({ 'pods.json': read('pods.json'), 'archive.log': text }, { trusted });
    expect(startupsText(answer)).toBe(expected);
    expect(answer.problems).toEqual([]);
  });

  it('all of them together, with the dump', async () => {
    const all = Object.fromEntries(Object.values(FORMS).map((text, index) => [`archive-${index}.log`, text]));
    const tree: Tree = { ...all, 'pods.json': read('pods.json'), 'events.json': read('events.json') };
    expect(startupsText(await replayedTree(tree))).toBe(expected);
  });

  it('twice, and in another order', async () => {
    const one = folderOf({ 'b.log': FORMS['eventrouter, a file'] ?? '', 'a.json': read('pods.json') });
    expect(startupsText(await replayed([`${one}/b.log`, one, `${one}/a.json`]))).toBe(expected);
  });
});

describe('not believed', () => {
  const engine = readFileSync('fixtures/vllm-dp2/evidence/d-dp2.log', 'utf8');

  it('what an engine prints is no event: a prompt may look like one', async () => {
    const forged = lines(routed);
    const answer = await replayedTree({ 'engine.log': `${forged}${engine}` });
    const alone = await replayedTree({ 'engine.log': engine });
    expect(answer.startups).toHaveLength(alone.startups.length);
    expect(answer.tally.get('lines.rejected')).toBe(EVENTS.length);
    expect(alone.tally.get('lines.rejected')).toBeUndefined();
  });

  it('wherever it stands', async () => {
    const answer = await replayedTree({ 'engine.log': `${engine}${lines(routed)}` });
    expect(answer.tally.get('lines.rejected')).toBe(EVENTS.length);
  });
});

describe('broken', () => {
  it('cut lines are counted and told once, the others are used', async () => {
    const whole = lines(routed);
    const cut = whole
      .split('\n')
      .map((line) => line.slice(0, 200))
      .join('\n');
    const answer = await replayedTree({ 'pods.json': read('pods.json'), 'a.log': `${whole}${cut}` });
    expect(answer.problems).toMatchObject([{ what: 'lines.unreadable', asked: false }]);
    expect(answer.problems[0]?.came).toBe(
      `${EVENTS.length} lines that are none, the first is one that is cut off or broken`,
    );
    expect(answer.tally.get('lines.unreadable')).toBe(EVENTS.length);
    expect(startupsText(answer)).toContain('image_pull');
  });

  it('secrets in messages do not come out', async () => {
    const text = lines((event) =>
      routed(event.replace('Pulling image', 'HF_TOKEN=hf_abcdefghijklmnopqrstuvwx Pulling image')),
    );
    const answer = await replayedTree({ 'pods.json': read('pods.json'), 'a.log': text });
    expect(startupsText(answer)).not.toContain('hf_abcdefghijklmnopqrstuvwx');
  });
});

describe('OTLP', () => {
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
  const eventRecord = {
    timeUnixNano: '1795311700000000000',
    severityText: 'Normal',
    body: { stringValue: 'Pulling image "127.0.0.1:5000/work:a1"' },
    attributes: [
      attribute('k8s.event.reason', 'Pulling'),
      attribute('k8s.event.start_time', '2026-11-22 01:41:40 +0000 UTC'),
      attribute('k8s.event.name', 'demo.18ea3a7aacd231e0'),
      attribute('k8s.event.uid', '4ae1ba58-0e9e-4f1c-9a07-b63a8f6a50b5'),
    ],
  };
  const events = {
    resource: {
      attributes: [
        attribute('k8s.object.kind', 'Pod'),
        attribute('k8s.object.name', 'demo'),
        attribute('k8s.object.uid', '8f7108e7-f0aa-43db-bdff-a1ea2a71f599'),
      ],
    },
    scopeLogs: [{ logRecords: [eventRecord] }],
  };
  const engineLines = readFileSync('fixtures/vllm-dp2/evidence/d-dp2.log', 'utf8').trimEnd().split('\n');
  const container = {
    resource: {
      attributes: [
        attribute('k8s.pod.uid', 'bbbbbbbb-0000-4000-8000-000000000000'),
        attribute('k8s.pod.name', 'vllm'),
      ],
    },
    scopeLogs: [
      {
        logRecords: engineLines.map((line, index) => ({
          timeUnixNano: String(1_795_313_000_000_000_000n + BigInt(index) * 100_000_000n),
          body: { stringValue: line },
        })),
      },
    ],
  };

  it('events and container logs in one request: both are read', async () => {
    const answer = await replayedTree({
      'logs.jsonl': `${JSON.stringify({ resourceLogs: [events, container] })}\n`,
    });
    const names = answer.startups.map(({ pod }) => pod.name);
    expect(names).toContain('demo');
    expect(names).toContain('vllm');
    expect(answer.startups.find(({ pod }) => pod.name === 'vllm')?.engine?.name).toBe('vllm');
  });
});

// Archives of events: every example is read by its own archive alone, and says what the API server said.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInstant } from '../../../lib/base/instant.ts';
import { archiveRecords, archives } from '../../../lib/kubernetes/archives/index.ts';
import { type KubeRecord, recordOf, storiesOf } from '../../../lib/kubernetes/index.ts';

const AT = { source: 'events.log', line: 7 };

const EXAMPLES = archives.flatMap(({ name, examples }) =>
  examples.map(({ line, seen }) => ({ name, line, seen })),
);

const DEMO = '8f7108e7-f0aa-43db-bdff-a1ea2a71f599';

const json = (line: string): unknown => JSON.parse(line.slice(line.search(/[[{]"|\[[\d[]/)));

const eventsIn = (line: string) =>
  (archiveRecords(line, AT) ?? []).filter((record) => record.kind === 'event');

describe('examples', () => {
  test.each(EXAMPLES)('$name, as in $seen', ({ name, line }) => {
    const value = json(line);
    expect(archives.find((archive) => archive.objects(value) !== undefined)?.name).toBe(name);
    const [event, ...others] = eventsIn(line);
    expect(others).toEqual([]);
    expect(event?.pod).toMatchObject({ uid: DEMO, name: 'demo' });
    expect(event?.first === undefined ? '' : formatInstant(event.first.at)).toMatch(
      /^2026-11-22T01:41:(?:39\.054808009|40\.020441568)/,
    );
    expect(event?.first?.precision).toBe(1n);
  });

  test.each(EXAMPLES)('$name: $seen names its own reason and container', ({ line }) => {
    const [event] = eventsIn(line);
    expect(['Scheduled', 'Pulling', 'Created', 'Started']).toContain(event?.reason);
    if (line.includes('spec.containers{server}')) expect(event?.container).toBe('server');
  });
});

describe('no line of an archive', () => {
  test.each([
    'INFO 11-22 02:06:11 [core.py:402] init engine (profile, create kv cache, warmup model) took 22.29 s',
    '',
    '{',
    '{"level":"INFO","message":"involvedObject","metadata":{"a":1}}',
    '{"log":"{\\"involvedObject\\":{}}","stream":"stdout"}',
    '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","objectRef":{"resource":"pods"}}',
    '{"type":"BOOKMARK","object":{"kind":"Event","metadata":{}}}',
    '{"type":"ERROR","object":{"kind":"Status","metadata":{},"message":"too old resource version"}}',
    '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"text with \\"involvedObject\\""}}]}]}]}',
    'I1122 01:41:40.912345       1 main.go:43] Starting EventRouter',
    'INFO:     127.0.0.1 - "POST /v1 HTTP/1.1" {"involvedObject":{},"metadata":{}}',
  ])('%s', (line) => {
    expect(archiveRecords(line, AT)).toBeUndefined();
  });
});

describe('times', () => {
  const otel = (over: { time?: string; start?: string; name?: string; count?: string }): string =>
    EXAMPLES.find(({ name }) => name === 'otlp')
      ?.line.replace('"1795311700000000000"', JSON.stringify(over.time ?? '1795311700000000000'))
      .replace('2026-11-22 01:41:40 +0000 UTC', over.start ?? '2026-11-22 01:41:40 +0000 UTC')
      .replace('demo.18ea3a7aacd231e0', over.name ?? 'demo.18ea3a7aacd231e0')
      .replace('"intValue":"1"', `"intValue":"${over.count ?? '1'}"`) ?? '';
  const told = (line: string) => {
    const [event] = eventsIn(line);
    const text = (moment: { at: Parameters<typeof formatInstant>[0]; precision: bigint } | undefined) =>
      moment === undefined ? undefined : `${formatInstant(moment.at).slice(11)} ±${moment.precision}`;
    return [event?.count, text(event?.first), text(event?.last)];
  };

  test.each([
    [
      'once: the name has the nanoseconds',
      {},
      [1, '01:41:40.020441568Z ±1', '01:41:40.000000000Z ±1000000000'],
    ],
    [
      'repeated: the record is of the last time, the name of the first',
      { time: '1795311900000000000', count: '9' },
      [9, '01:41:40.020441568Z ±1', '01:45:00.000000000Z ±1000000000'],
    ],
    [
      'a name without nanoseconds: the only occurrence is the last',
      { name: 'demo.8c1d2e' },
      [1, '01:41:40.000000000Z ±1000000000', '01:41:40.000000000Z ±1000000000'],
    ],
    [
      'a repeated one without them: its creation',
      { name: 'demo.8c1d2e', time: '1795311900000000000', count: '9' },
      [9, '01:41:40.000000000Z ±1000000000', '01:45:00.000000000Z ±1000000000'],
    ],
    [
      'a name that its creation contradicts is not believed',
      { start: '2026-11-22 05:00:00 +0200 EET', time: '1795311900000000000', count: '9' },
      [9, '03:00:00.000000000Z ±1000000000', '01:45:00.000000000Z ±1000000000'],
    ],
    [
      'microseconds are an eventTime',
      { name: 'demo.x', time: '1795311699054797000' },
      [1, '01:41:39.054797000Z ±1000', undefined],
    ],
    [
      'a zero time (year 1, as Go sends it) is none',
      { time: '-6795364578871345152' },
      [1, '01:41:40.020441568Z ±1', undefined],
    ],
  ])('%s', (_, over, expected) => {
    expect(told(otel(over))).toEqual(expected);
  });

  test('the time of the envelope is never an event’s', () => {
    const line = EXAMPLES.find(({ name }) => name.startsWith('fluent-bit'))?.line ?? '';
    const later = line.replace('1795311700.000000', '1795399999.000000');
    expect(eventsIn(later)).toEqual(eventsIn(line));
  });
});

describe('watches', () => {
  const pod = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'a', uid: 'u' }, spec: {}, status: {} };

  test('a pod is seen at its arrival, to the nanosecond', () => {
    const line = `{"arrival_ns":1795311699093789501,"type":"MODIFIED","object":${JSON.stringify(pod)}}`;
    expect(archiveRecords(line, AT)).toMatchObject([
      {
        kind: 'pod',
        seen: {
          when: { at: 1795311699093789501n, precision: 1n },
          rule: 'watch',
          source: 'events.log',
          line: 7,
        },
      },
    ]);
  });

  test('without arrival it is only a pod', () => {
    const [record] = archiveRecords(`{"type":"ADDED","object":${JSON.stringify(pod)}}`, AT) ?? [];
    expect(record?.kind).toBe('pod');
    expect(record).not.toHaveProperty('seen');
  });

  test('an event that expires is still said', () => {
    const line = EXAMPLES.find(({ name }) => name === 'watch')?.line ?? '';
    expect(eventsIn(line.replace('"ADDED"', '"DELETED"'))).toEqual(eventsIn(line));
  });
});

describe('cut and broken lines', () => {
  test.each(EXAMPLES.filter(({ name }) => name === 'watch' || name === 'eventrouter'))(
    '$name',
    ({ line }) => {
      const cut = line.slice(0, -30);
      const records = archiveRecords(cut, AT);
      expect(records).toMatchObject([{ kind: 'unusable', problem: { where: 'line 7' } }]);
      expect(JSON.stringify(records)).not.toContain('demo');
    },
  );

  test('whatever comes, it is an answer', () => {
    const lines = EXAMPLES.map(({ line }) => line);
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.nat(), fc.string({ maxLength: 8 }), (line, at, text) => {
        const place = at % line.length;
        const answer = archiveRecords(line.slice(0, place) + text + line.slice(place + text.length), AT);
        expect(answer === undefined || Array.isArray(answer)).toBe(true);
      }),
    );
  });

  test('numbers of strangers', () => {
    const line = (EXAMPLES.find(({ name }) => name === 'otlp')?.line ?? '').replace(
      '"intValue":"1"',
      '"intValue":"1e99"',
    );
    expect(eventsIn(line)[0]?.count).toBe(1);
  });
});

test('the same event from a dump and from every archive is one', () => {
  const dump = JSON.parse(readFileSync('fixtures/kubernetes/a_cold/events.json', 'utf8')) as {
    items: Record<string, unknown>[];
  };
  const pulling = dump.items.find((item) => item['reason'] === 'Pulling') ?? {};
  const bare = Object.fromEntries(
    Object.entries(pulling).filter(([key]) => !['kind', 'apiVersion'].includes(key)),
  );
  const text = JSON.stringify(bare);
  const lines = [
    JSON.stringify(pulling),
    `{"verb":"ADDED","event":${text}}`,
    `[1795311700.0,${text}]`,
    `{"date":1795311700.0,${text.slice(1)}`,
    `${text.slice(0, -1)},"clusterName":"lab"}`,
    `{"type":"ADDED","object":${JSON.stringify(pulling)}}`,
    `{"arrival_ns":1795311700087821073,"type":"ADDED","object":${JSON.stringify(pulling)}}`,
  ];
  const once = recordOf(pulling) as KubeRecord;
  const all = lines.flatMap((line) => archiveRecords(line, AT) ?? []);
  expect(all).toHaveLength(lines.length);
  expect(storiesOf([once, ...all])).toEqual(storiesOf([once]));
});

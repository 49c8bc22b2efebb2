// Audit records that strangers wrote, cut or forged.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storiesOf } from '../../../lib/kubernetes/index.ts';
import { allTold, changed, changedIn, inWords, lineOf, linesOf, objectOf, told } from './audit-log.ts';

const CREATE = lineOf('crashloop.request-response', 4);
const READY = lineOf('crashloop.request-response', 56);
const EVENT = lineOf('crashloop.request', 12);

describe('no audit record', () => {
  test.each([
    ['nothing', ''],
    ['text', 'INFO 11-22 01:34:02 [core.py:61] text'],
    ['a brace', '{'],
    ['a pod', '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","uid":"y"}}'],
    ['an event of the core', '{"kind":"Event","apiVersion":"v1","involvedObject":{"kind":"Pod","uid":"y"}}'],
    ['a policy', '{"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{"level":"Metadata"}]}'],
    ["a program's own record that carries one", `{"level":"info","msg":"audit","event":${CREATE}}`],
    ['the same, broken off', `{"msg":"audit","event":${CREATE}`],
    ['a message that quotes one', JSON.stringify({ log: CREATE, stream: 'stdout', time: 'x' })],
    ['a list', `[${CREATE}]`],
  ])('%s', (_, text) => {
    expect(told(text)).toBeUndefined();
  });
});

describe('one that cannot be read is named', () => {
  test.each([
    ['cut in a text', CREATE.slice(0, 900), 'got text that ends after 900 characters'],
    ['cut behind a member', `${CREATE.slice(0, CREATE.indexOf(',"verb"'))}`, 'got text that ends after'],
    ['a mistake in it', CREATE.replace('"verb"', '"verb"x'), 'got JSON with a mistake in it'],
    ['no times', changed(CREATE, { requestReceivedTimestamp: undefined }), 'requestReceivedTimestamp'],
    ['a time that is none', changed(CREATE, { stageTimestamp: 'yesterday' }), 'requestReceivedTimestamp'],
    ['a time of another type', changed(CREATE, { requestReceivedTimestamp: 7 }), 'requestReceivedTimestamp'],
  ])('%s', (_, text, expected) => {
    const words = told(text, 17)?.map(inWords);
    expect(words).toEqual([expect.stringContaining(expected)]);
    expect(words?.[0]).toContain('unusable line 17: expected ');
  });

  test('and nothing of its text is said', () => {
    const secret = changed(CREATE, { annotations: { x: 'hunter2-canary' } }).replace(
      '"verb"',
      'canary "verb"',
    );
    expect(JSON.stringify(told(secret))).not.toContain('canary');
  });
});

describe('a forged body changes nothing', () => {
  const event = objectOf(EVENT)['requestObject'];
  const pod = objectOf(CREATE)['responseObject'];

  test.each([
    ['an event in a ConfigMap', changedIn(changed(EVENT, {}), 'objectRef', { resource: 'configmaps' })],
    [
      'an event as a pod',
      changed(changedIn(CREATE, 'objectRef', {}), { requestObject: event, responseObject: event }),
    ],
    ['a pod as an event', changed(EVENT, { requestObject: pod })],
    ['an event of a group that is none', changedIn(EVENT, 'objectRef', { apiGroup: 'example.com' })],
    ['a pod in a pod template', changedIn(CREATE, 'objectRef', { resource: 'podtemplates' })],
    ['an event that was refused', changed(EVENT, { responseStatus: { code: 403 } })],
  ])('%s', (_, text) => {
    const kinds = (told(text) ?? []).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'event' || kind === 'pod')).toEqual([]);
  });

  test('a condition that is named like a member of every object', () => {
    const conditions = ['constructor', '__proto__', 'toString'].map((type) => ({ type, status: 'True' }));
    const text = changed(READY, { requestObject: { status: { conditions } }, responseObject: undefined });
    expect(told(text)?.filter(({ kind }) => kind === 'sighting')).toEqual([]);
  });

  test('a repetition of an event that nobody knows', () => {
    expect(storiesOf(allTold([lineOf('crashloop.request', 25)]))).toEqual([]);
  });

  test.each([1e308, -1, 0, 1.5, Number.NaN, '2', null, {}])('a count of %s', (count) => {
    const text = changed(lineOf('crashloop.request', 25), { requestObject: { count } });
    expect(told(text)).toMatchObject([{ kind: 'event_patch', count: undefined }]);
  });
});

test('depth', () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const text = CREATE.replace('"annotations":', `"deep":${deep},"annotations":`);
  expect(told(text)?.map(inWords)).toEqual(told(CREATE)?.map(inWords));
});

test('annotations of megabytes', () => {
  const annotations = { note: 'x'.repeat(5 << 20) };
  const { responseObject } = JSON.parse(CREATE);
  const big = { ...responseObject, metadata: { ...responseObject.metadata, annotations } };
  const records = told(changed(CREATE, { responseObject: big })) ?? [];
  expect(records.map(inWords)).toEqual(told(CREATE)?.map(inWords));
  const kept = JSON.stringify(records, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  expect(kept.length).toBeLessThan(10_000);
});

const LINES = [...linesOf('crashloop.request-response'), ...linesOf('deletions.eks'), ...linesOf('odd')];

const MEMBERS = [
  'verb',
  'user',
  'objectRef',
  'responseStatus',
  'requestObject',
  'responseObject',
  'stage',
  'auditID',
  'requestURI',
  'requestReceivedTimestamp',
  'stageTimestamp',
  'impersonatedUser',
] as const;

test('a member of any type never throws', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...LINES),
      fc.constantFrom(...MEMBERS),
      fc.jsonValue(),
      (line, member, value) => {
        expect(Array.isArray(told(changed(line, { [member]: value })))).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test('a member of a body of any type never throws, nor does the story', () => {
  const body = fc.record({
    metadata: fc.oneof(fc.jsonValue(), fc.constant({ uid: 'u', name: 'n', namespace: 'x' })),
    status: fc.oneof(
      fc.jsonValue(),
      fc.record({
        phase: fc.jsonValue(),
        conditions: fc.oneof(
          fc.jsonValue(),
          fc.array(fc.record({ type: fc.jsonValue(), status: fc.jsonValue() })),
        ),
        containerStatuses: fc.oneof(
          fc.jsonValue(),
          fc.array(
            fc.record({ name: fc.constantFrom('a', 7), state: fc.jsonValue(), restartCount: fc.jsonValue() }),
          ),
        ),
      }),
    ),
    count: fc.jsonValue(),
    series: fc.jsonValue(),
  });
  fc.assert(
    fc.property(fc.constantFrom(...LINES), body, (line, requestObject) => {
      const records = told(changed(line, { requestObject, responseObject: undefined })) ?? [];
      expect(() => storiesOf(records)).not.toThrow();
    }),
    { numRuns: 500 },
  );
});

test('a line cut anywhere is read, named or no audit record, and never throws', () => {
  fc.assert(
    fc.property(fc.constantFrom(...LINES), fc.nat(), (line, at) => {
      const cut = line.slice(0, at % line.length);
      const records = told(cut);
      expect(records === undefined || records.every(({ kind }) => kind === 'unusable')).toBe(true);
    }),
    { numRuns: 500 },
  );
});

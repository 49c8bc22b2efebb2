// Dumps of every shape, whole and broken.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocuments } from '../../../lib/kubernetes/index.ts';

const PODS = readFileSync(
  new URL('../../../fixtures/kubernetes/d_crashloop/pods.json', import.meta.url),
  'utf8',
);
const EVENTS = readFileSync(
  new URL('../../../fixtures/kubernetes/d_crashloop/events.json', import.meta.url),
  'utf8',
);

const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } });
const A = JSON.stringify(pod('a'));
const B = JSON.stringify(pod('b'));

async function names(text: string): Promise<readonly string[]> {
  const { objects } = await readDocuments(text, 'x');
  return objects.map((object) => `${object['kind']} ${(object['metadata'] as { name: string }).name}`);
}

describe('every shape gives the same objects', () => {
  test.each([
    ['objects in a List', `{"apiVersion":"v1","items":[${A},${B}],"kind":"List"}`],
    ['an array', `[${A},${B}]`],
    ['NDJSON', `${A}\n${B}\n`],
    ['one after the other', `${JSON.stringify(pod('a'), null, 2)}\n${JSON.stringify(pod('b'), null, 2)}`],
    [
      'a watch',
      `{"type":"ADDED","object":${A}}\n{"type":"BOOKMARK","object":{"kind":"Event","metadata":{}}}\n{"type":"DELETED","object":${B}}\n{"type":"ERROR","object":{"kind":"Status"}}`,
    ],
    [
      'a recording',
      `{"arrival_ns":1,"type":"ADDED","object":${A}}\n{"arrival_ns":2,"type":"MODIFIED","object":${B}}`,
    ],
    [
      'a PodList without kinds',
      '{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}',
    ],
    ['a byte order mark', `\uFEFF[${A},${B}]`],
    [
      'YAML documents',
      '# two\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\n...\n',
    ],
    [
      'a YAML list as kubectl writes it',
      'apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: a\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: b\nkind: List\nmetadata:\n  resourceVersion: ""\n',
    ],
    [
      'an indented YAML list',
      'kind: PodList\nitems:\n  - metadata:\n      name: a\n      note: |\n        - not an item\n  - metadata:\n      name: b\n',
    ],
  ])('%s', async (_, text) => {
    expect(await names(text)).toEqual(['Pod a', 'Pod b']);
    expect((await readDocuments(text, 'x')).problems).toEqual([]);
  });
});

describe('broken', () => {
  test('half a pretty List: its whole items, and a problem', async () => {
    const { objects, problems } = await readDocuments(EVENTS.slice(0, EVENTS.length / 2), 'events.json');
    expect(objects.length).toBeGreaterThan(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.where).toBe('events.json');
  });

  test('half a compact PodList still tells the kind of its items', async () => {
    const whole = '{"kind":"PodList","items":[{"metadata":{"name":"a \\"}"}},{"metadata":{"name":"b"}},{"met';
    expect(await names(whole)).toEqual(['Pod a "}', 'Pod b']);
  });

  test('a bad line among good ones', async () => {
    const { objects, problems } = await readDocuments(`${A}\nnot json\n${B}\n{"half`, 'w.jsonl');
    expect(objects).toHaveLength(2);
    expect(problems[0]?.came).toContain('2 lines that are not, the first is line 2: not json');
  });

  test('a YAML list cut in its last item: that item is not believed', async () => {
    const text =
      'apiVersion: v1\nitems:\n- kind: Pod\n  metadata:\n    name: a\n- kind: Pod\n  metadata:\n    na';
    expect(await names(text)).toEqual(['Pod a']);
    expect((await readDocuments(text, 'x')).problems).toHaveLength(1);
  });

  test('one bad YAML item does not spoil the others', async () => {
    const text =
      'kind: List\nitems:\n- kind: Pod\n  metadata: {name: a}\n- kind: [Pod\n- kind: Pod\n  metadata: {name: b}\n';
    expect(await names(text)).toEqual(['Pod a', 'Pod b']);
    expect((await readDocuments(text, 'x')).problems[0]?.where).toBe('x, document 1, item 2');
  });

  test('aliases cannot multiply', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`,
    );
    const { objects, problems } = await readDocuments(`l0: &l0 x\n${levels.join('\n')}\n`, 'bomb.yaml');
    expect(objects).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  test('tags construct nothing', async () => {
    const { objects } = await readDocuments('kind: !!js/function "x"\nother: !!binary aGk=\n', 'x');
    expect(objects).toEqual([{ kind: 'x', other: 'aGk=' }]);
  });

  test('any cut of a real dump keeps only whole items and never rejects', async () => {
    const whole = (JSON.parse(EVENTS) as { items: readonly object[] }).items.map((item) =>
      JSON.stringify(item),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: EVENTS.length - 3 }), async (end) => {
        const { objects } = await readDocuments(EVENTS.slice(0, end), 'x');
        expect(objects.map((item) => JSON.stringify(item))).toEqual(whole.slice(0, objects.length));
      }),
      { numRuns: 40 },
    );
  });

  test('whatever text comes, it is an answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({
          unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', 'a', ':', ',', '\n', '-', ' ', '&', '*'),
        }),
        async (text) => {
          expect((await readDocuments(text, 'x')).objects).toBeInstanceOf(Array);
        },
      ),
    );
  });
});

test('a single pod dump is one list', async () => {
  const { objects, problems } = await readDocuments(PODS, 'pods.json');
  expect([objects.length, problems.length]).toEqual([1, 0]);
});

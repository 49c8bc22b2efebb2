// Dumps as they come from a pipe: wherever the chunks are cut, the same objects and the same problems.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../lib/base/json.ts';
import type { Place } from '../../../lib/kubernetes/dumps/contract.ts';
import { dumpReader } from '../../../lib/kubernetes/dumps/documents.ts';
import { readDocuments } from '../../../lib/kubernetes/index.ts';

const EVENTS = readFileSync('fixtures/kubernetes/d_crashloop/events.json', 'utf8');
const items = (JSON.parse(EVENTS) as { items: JsonObject[] }).items;

const pod = (name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, uid: name, ...more },
});
const A = JSON.stringify(pod('a'));
const B = JSON.stringify(pod('b "\\ {[ é 🚀'));

async function read(text: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text);
  const borders = [
    0,
    ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
    bytes.length,
  ];
  const found: { object: JsonObject; place: Place }[] = [];
  const reader = await dumpReader(bytes, {
    where: 'x',
    take: (object, place) => void found.push({ object, place }),
  });
  for (const [index, border] of borders.slice(1).entries()) {
    const chunk = Buffer.from(bytes.subarray(borders[index], border));
    reader.push(chunk);
    // The memory of a chunk is used again.
    chunk.fill(0x7b);
  }
  return { found, problems: reader.end() };
}

const SHAPES: Readonly<Record<string, string>> = {
  'a pretty List': EVENTS,
  'half of one': EVENTS.slice(0, EVENTS.length / 2),
  'a compact PodList': `{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}`,
  'an array of lists': `[{"kind":"List","items":[${A},${B}]},\n{"items":[${A}],"kind":"List"}]`,
  NDJSON: `${A}\nnot json\n${B}\r\n\n{"arrival_ns":1795311699093789501,"type":"ADDED","object":${A}}\n{"half`,
  'broken in a string, then whole': `{"items":[${A},{"metadata":{"name":"x\n{"kind":"List","items":[\n${B}\n]}\n`,
  'pretty, cut, pretty':
    '{\n  "kind": "Pod",\n  "metadata": {\n    "name": "a",\n{\r\n  "kind": "Pod",\r\n  "metadata": {}\r\n}\r\n',
  'one line, then pretty': `${A}\n{\n  "kind": "List",\n  "items": [\n${B}\n  ]\n}\n`,
  'YAML with managedFields':
    'apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    managedFields:\n    - manager: x\n      fieldsV1:\n        f:a: {}\n    name: a\r\n    uid: é🚀\n- kind: Pod\n  metadata:\n    name: b\nkind: List\n---\nkind: Pod\nmetadata: {name: c}\n',
};

describe.each(Object.entries(SHAPES))('%s', (_, text) => {
  test('does not depend on chunks', async () => {
    const whole = await read(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 40 }), async (cuts) => {
        expect(await read(text, cuts)).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  test('even byte by byte', async () => {
    const bytes = [...Buffer.from(text).keys()];
    expect(await read(text, bytes)).toEqual(await read(text));
  });
});

const names = async (text: string): Promise<readonly unknown[]> =>
  (await readDocuments(text, 'x')).objects.map((object) => (object['metadata'] as JsonObject)['name']);

describe('lists', () => {
  test('whose kind stands behind items without one', async () => {
    const list = '{"apiVersion":"v1","items":[{"metadata":{"name":"n"}}],"kind":"NodeList","metadata":{}}';
    const { objects, problems } = await readDocuments(list, 'x');
    expect(objects).toEqual([{ kind: 'Node', apiVersion: 'v1', metadata: { name: 'n' } }]);
    expect(problems).toEqual([]);
  });

  test('in an array, in a list, behind other members', async () => {
    expect(await names(`[{"kind":"List","items":[${A},{"kind":"List","items":[${B}]}]},${A}]`)).toHaveLength(
      3,
    );
    expect(await names(`{"kind":"List","metadata":{"items":[1]},"others":[{"a":1}],"items":[${A}]}`)).toEqual(
      ['a'],
    );
  });

  test('items of something that is no list are its own', async () => {
    const one = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'c' }, data: { items: '[{' } };
    expect((await readDocuments(JSON.stringify(one), 'x')).objects).toEqual([one]);
  });

  test('a mistake in one item does not spoil the others', async () => {
    const { objects, problems } = await readDocuments(
      `{"kind":"List","items":[${A},{"kind":Pod},${B}]}`,
      'x',
    );
    expect(objects).toHaveLength(2);
    expect(problems[0]?.came).toBe(
      '1 of its items with a mistake in them or too long; 2 whole items of it are used',
    );
  });

  test('a mistake behind the items is told, the items are used', async () => {
    const { objects, problems } = await readDocuments(`{"items":[${A},${B}],"kind":List}`, 'x');
    expect(objects).toHaveLength(2);
    expect(problems[0]?.came).toBe('JSON with a mistake in it; 2 whole items of it are used');
  });

  test('cut: how many whole items were used', async () => {
    const text = `{"kind":"List","items":[${A},${B},{"kind":"Pod","metadata":{"na`;
    const { objects, problems } = await readDocuments(text, 'pods.json');
    expect(objects).toHaveLength(2);
    expect(problems).toEqual([
      {
        where: 'pods.json',
        expected: 'a whole JSON document',
        came: `text that ends after ${Buffer.byteLength(text)} bytes; 2 whole items of it are used`,
      },
    ]);
  });
});

describe('one after the other', () => {
  test('a dump cut in a string, and a whole one behind it', async () => {
    const cut = JSON.stringify({ kind: 'List', items: [pod('a'), pod('lost')] }).slice(0, -20);
    const { objects, problems } = await readDocuments(`${cut}\n{"kind":"List","items":[${B}]}\n`, 'x');
    expect(objects).toHaveLength(2);
    expect(problems.length).toBeGreaterThan(0);
  });

  test('a watch that broke off anywhere, and was begun anew', async () => {
    const pretty = (name: string): string =>
      `${JSON.stringify({ type: 'ADDED', object: pod(name) }, undefined, 4)}\n`;
    const first = pretty('a') + pretty('lost');
    for (let end = pretty('a').length + 3; end < first.length - 3; end += 1) {
      const text = `${first.slice(0, end)}${first[end - 1] === '\n' ? '' : '\n'}${pretty('b')}${pretty('c')}`;
      expect(await names(text), text.slice(pretty('a').length, end)).toEqual(['a', 'b', 'c']);
      expect((await readDocuments(text, 'x')).problems).toHaveLength(1);
    }
  });

  test('text that belongs to no object is told', async () => {
    const { objects, problems } = await readDocuments(
      `{\n"kind":"Pod"}\nWarning: something\n{"kind":"Pod"}`,
      'x',
    );
    expect(objects).toHaveLength(2);
    expect(problems[0]).toMatchObject({
      expected: 'nothing but JSON objects',
      came: 'line 3: Warning: something',
    });
  });
});

describe('watches', () => {
  test('arrivals keep all their digits, by line', async () => {
    const line = (at: string): string => `{"arrival_ns":${at},"type":"ADDED","object":${A}}`;
    const { found } = await read(`${line('1795311699093789501')}\n${line('"1795311699093789502"')}\n${A}\n`);
    expect(found.map(({ place }) => place)).toEqual([
      { line: 1, arrival: 1795311699093789501n },
      { line: 2, arrival: 1795311699093789502n },
      { line: 3 },
    ]);
  });
});

describe('big', () => {
  test('annotations of 5 MB, in both forms', async () => {
    const note = `${'x"{[\\\n'.repeat(1000)}`.repeat(830);
    const big = pod('big', { annotations: { note } });
    const list = { apiVersion: 'v1', items: [big, pod('b')], kind: 'List' };
    expect(JSON.stringify(list).length).toBeGreaterThan(5_000_000);
    expect(await names(JSON.stringify(list, undefined, 4))).toEqual(['big', 'b']);
    const yaml = `apiVersion: v1\nitems:\n- kind: Pod\n  metadata:\n    annotations:\n      note: ${JSON.stringify(note)}\n    name: big\n- kind: Pod\n  metadata: {name: b}\nkind: List\n`;
    expect(await names(yaml)).toEqual(['big', 'b']);
  });

  test('the objects of a list are handed over before the list has ended', async () => {
    const seen: JsonObject[] = [];
    const start = Buffer.from(`{"kind":"List","items":[${A},`);
    const reader = await dumpReader(start, { where: 'x', take: (object) => void seen.push(object) });
    reader.push(start);
    expect(seen).toHaveLength(1);
  });

  test('brackets without end cost no more than their bytes', async () => {
    const { problems } = await readDocuments(`{"a":${'['.repeat(1_000_000)}`, 'x');
    expect(problems).toHaveLength(1);
    const many = await readDocuments(`{${'"a":[],'.repeat(200_000)}"b":1}`, 'x');
    expect(many.objects).toEqual([]);
    expect(many.problems).toHaveLength(1);
  });
});

describe('managedFields in YAML', () => {
  const item = (metadata: string, rest = ''): string =>
    `items:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n${metadata}${rest}kind: List\n`;

  test.each([
    [
      'in front',
      '    managedFields:\n    - manager: kubelet\n      fieldsV1:\n        f:a: {}\n    name: a\n',
    ],
    [
      'in the middle, indented',
      '    labels: {x: y}\n    managedFields:\n      - manager: kubelet\n    name: a\n',
    ],
    ['broken: it is not read', '    managedFields:\n    - {manager: [\n    name: a\n'],
  ])('%s', async (_what, metadata) => {
    const { objects, problems } = await readDocuments(item(metadata), 'x');
    expect(problems).toEqual([]);
    expect(objects[0]?.['metadata']).toMatchObject({ name: 'a' });
    expect(objects[0]?.['metadata']).not.toHaveProperty('managedFields');
  });

  test('the same words in a text stay', async () => {
    const text = item(
      '    annotations:\n      note: |\n        metadata:\n        managedFields:\n          kept\n    name: a\n',
      '  message: |-\n    managedFields:\n    kept too\n',
    );
    const { objects } = await readDocuments(text, 'x');
    expect(objects[0]).toMatchObject({
      message: 'managedFields:\nkept too',
      metadata: { name: 'a', annotations: { note: 'metadata:\nmanagedFields:\n  kept\n' } },
    });
  });
});

test('the fixture is what JSON.parse says', async () => {
  expect((await readDocuments(EVENTS, 'x')).objects).toEqual(items);
});

// Dumps as people keep them: twice, of different moments, with everything else of the cluster, cut off.

import { readFileSync } from 'node:fs';
import { dump as yaml } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../lib/base/json.ts';
import { replayedTree, startupsText, type Tree } from './replayed.ts';

const read = (name: string): string => readFileSync(`fixtures/kubernetes/d_crashloop/${name}`, 'utf8');
const PODS = read('pods.json');
const EVENTS = read('events.json');
const itemsOf = (text: string): readonly JsonObject[] => (JSON.parse(text) as { items: JsonObject[] }).items;

const told = async (tree: Tree): Promise<string> => startupsText(await replayedTree(tree));
const EXPECTED = await told({ 'pods.json': PODS, 'events.json': EVENTS });

const list = (items: readonly JsonObject[]): string =>
  JSON.stringify({ apiVersion: 'v1', items, kind: 'List' });
const lines = (items: readonly JsonObject[]): string =>
  items.map((item) => `${JSON.stringify(item)}\n`).join('');

describe('the same dump', () => {
  const all = [...itemsOf(PODS), ...itemsOf(EVENTS)];
  const FORMS: Readonly<Record<string, Tree>> = {
    twice: { 'a/pods.json': PODS, 'b/pods.json': PODS, 'a/events.json': EVENTS, 'b/events.json': EVENTS },
    'as one List': { 'all.json': list(all) },
    'as NDJSON': { 'all.jsonl': lines(all) },
    'as an array of lists (jq -s)': { 'all.json': `[${PODS},${EVENTS}]` },
    'one after the other': { 'all.json': `${PODS}${EVENTS}` },
    'as YAML': { 'all.yaml': yaml({ apiVersion: 'v1', items: all, kind: 'List' }, { noRefs: true }) },
    'as YAML documents': { 'all.yaml': all.map((item) => `---\n${yaml(item, { noRefs: true })}`).join('') },
    'in all of these': {
      '1.json': list(all),
      '2.jsonl': lines(all),
      '3.json': `[${PODS},${EVENTS}]`,
      '4.yaml': yaml({ apiVersion: 'v1', items: all, kind: 'List' }, { noRefs: true }),
    },
  };

  it.each(Object.entries(FORMS))('%s', async (_what, tree) => {
    const answer = await replayedTree(tree);
    expect(startupsText(answer)).toBe(EXPECTED);
    expect(answer.problems).toEqual([]);
  });
});

describe('dumps of different moments', () => {
  const [pod] = itemsOf(PODS);
  const at = (version: string, status: JsonObject): string =>
    list([{ ...pod, metadata: { ...(pod?.['metadata'] as JsonObject), resourceVersion: version }, status }]);
  const later = pod?.['status'] as JsonObject;
  const young = { phase: 'Pending', qosClass: 'BestEffort' };

  it.each([
    ['the older first', { 'a.json': at('10', young), 'b.json': at('9000', later), 'events.json': EVENTS }],
    ['the newer first', { 'a.json': at('9000', later), 'b.json': at('10', young), 'events.json': EVENTS }],
  ])('the later status wins where it is later: %s', async (_what, tree) => {
    expect(await told(tree)).toBe(await told({ 'a.json': at('9000', later), 'events.json': EVENTS }));
  });

  it('and does not win where its version is the older one', async () => {
    const tree = { 'a.json': at('10', later), 'b.json': at('9000', young) };
    expect(await told(tree)).not.toBe(await told({ 'a.json': at('10', later) }));
  });
});

describe('everything else of the cluster', () => {
  it('is counted by kind, and changes nothing', async () => {
    const others = [
      ...Array.from({ length: 3 }, (_, index) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `c${index}` },
      })),
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } },
      { apiVersion: 'v1', kind: '<b>not a kind</b>', metadata: { name: 'x' } },
    ];
    const answer = await replayedTree({
      'all.json': list([...others, ...itemsOf(PODS), ...itemsOf(EVENTS)]),
    });
    expect(startupsText(answer)).toBe(EXPECTED);
    expect(Object.fromEntries([...answer.tally].filter(([name]) => name.startsWith('objects.')))).toEqual({
      'objects.other': 5,
      'objects.other.ConfigMap': 3,
      'objects.other.Deployment': 1,
      'objects.other.unnamed': 1,
    });
  });

  it('however many kinds there are, few names are kept', async () => {
    const kinds = Array.from({ length: 1000 }, (_, index) => ({
      kind: `Kind${index}`,
      metadata: { name: 'x' },
    }));
    const { tally } = await replayedTree({ 'all.json': list([...itemsOf(PODS), ...kinds]) });
    expect([...tally.keys()].filter((name) => name.startsWith('objects.')).length).toBeLessThan(40);
    expect(tally.get('objects.other')).toBe(1000);
    expect(tally.get('objects.other.of_many_kinds')).toBe(970);
  });
});

describe('cut off', () => {
  it('in the middle of an event: the whole ones are used, and counted', async () => {
    const cut = EVENTS.slice(0, EVENTS.lastIndexOf('"reason"'));
    const answer = await replayedTree({ 'pods.json': PODS, 'events.json': cut });
    const whole = itemsOf(EVENTS).slice(0, -1);
    expect(startupsText(answer)).toBe(await told({ 'pods.json': PODS, 'events.json': list(whole) }));
    expect(answer.problems[0]?.came).toBe(
      `text that ends after ${Buffer.byteLength(cut)} bytes; ${whole.length} whole items of it are used`,
    );
  });

  it('at any byte it is never more than the whole', async () => {
    for (let end = 600; end < EVENTS.length; end += 701) {
      const answer = await replayedTree({ 'pods.json': PODS, 'events.json': EVENTS.slice(0, end) });
      expect(answer.startups.length).toBeGreaterThan(0);
      expect(answer.problems.map(({ what }) => what)).toEqual(['documents.unreadable']);
    }
  });
});

it('annotations of 5 MB change nothing', async () => {
  const items = itemsOf(PODS).map((pod) => ({
    ...pod,
    metadata: { ...(pod['metadata'] as JsonObject), annotations: { note: 'x'.repeat(5_000_000) } },
  }));
  expect(await told({ 'pods.json': list(items), 'events.json': EVENTS })).toBe(EXPECTED);
});

// Batch by batch or all at once: the same stories.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../lib/base/json.ts';
import { batchesOf } from '../../lib/kubernetes/batches.ts';
import { type KubeRecord, recordOf, storiesInTurn, storiesOf } from '../../lib/kubernetes/index.ts';

const records = (objects: readonly JsonObject[]): KubeRecord[] =>
  objects.flatMap((object) => recordOf(object) ?? []);

const pod = (name: string, uid: string, annotations: JsonObject = {}): JsonObject => ({
  kind: 'Pod',
  metadata: { name, namespace: 'ns', uid, creationTimestamp: '2026-11-22T01:00:00Z', annotations },
  spec: { nodeName: 'node-1', containers: [{ name: 'main', image: 'a:1' }] },
  status: { phase: 'Running' },
});

const event = (name: string, uid: string, index: number): JsonObject => ({
  kind: 'Event',
  metadata: { name: `${name}.${index}`, namespace: 'ns', uid: `event-${name}-${uid}-${index}` },
  involvedObject: { kind: 'Pod', namespace: 'ns', name, uid },
  reason: ['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started'][index % 5],
  message: `Container image "a:${index}" already present on machine`,
  firstTimestamp: '2026-11-22T01:00:02Z',
  lastTimestamp: '2026-11-22T01:00:02Z',
  count: 1,
});

const node: JsonObject = {
  kind: 'Node',
  metadata: { name: 'node-1', labels: { 'topology.kubernetes.io/region': 'eu-west-1' } },
};

/** 2,000 pods of 600 names, each with 5 events; static pods whose kubelets speak of another uid. */
const MANY: readonly JsonObject[] = [
  node,
  ...Array.from({ length: 2000 }, (_, index) => index).flatMap((index) => {
    const name = `llm-${index % 600}`;
    const uid = `uid-${index}`;
    const hash = `hash-${index}`;
    const isStatic = index % 50 === 0;
    return [
      pod(name, uid, isStatic ? { 'kubernetes.io/config.mirror': hash } : {}),
      ...Array.from({ length: 5 }, (__, one) => event(name, isStatic ? hash : uid, one)),
    ];
  }),
];

describe('many pods', () => {
  const all = records(MANY);
  const expected = storiesOf(all);

  test('are split, each record once, nodes everywhere', () => {
    const batches = batchesOf(all);
    expect(batches.length).toBeGreaterThan(2);
    const told = batches.flat().filter(({ kind }) => kind !== 'node');
    expect(told).toHaveLength(all.length - 1);
    expect(new Set(told).size).toBe(all.length - 1);
    expect(batches.every((batch) => batch.some(({ kind }) => kind === 'node'))).toBe(true);
  });

  test('tell the same stories as all at once', () => {
    expect(storiesInTurn([...all])).toEqual(expected);
    expect(expected.some(({ attributes }) => attributes['region'] === 'eu-west-1')).toBe(true);
  });

  test('in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(storiesInTurn(shuffled)).toEqual(expected);
      }),
      { numRuns: 3 },
    );
  });

  test('leave nothing behind in the list', () => {
    const given = [...all];
    storiesInTurn(given);
    expect(given).toEqual([]);
  });
});

test('few records are not lost either', () => {
  const few = records([pod('a', 'uid-a'), event('a', 'uid-a', 0)]);
  expect(storiesInTurn([...few])).toEqual(storiesOf(few));
  expect(storiesOf(few)).toHaveLength(1);
});

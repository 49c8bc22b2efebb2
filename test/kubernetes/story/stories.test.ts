// Stories of real pods: fixtures recorded from Kubernetes 1.36, and the law of order.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatInstant } from '../../../lib/base/instant.ts';
import { type KubeRecord, readDocuments, recordOf, storiesOf } from '../../../lib/kubernetes/index.ts';
import type { PodStory, Witnessed } from '../../../lib/model/pod-story.ts';

const at = (seen: Witnessed | undefined): string | undefined => seen && formatInstant(seen.when.at);

async function recordsIn(folder: string): Promise<readonly KubeRecord[]> {
  const texts = ['pods.json', 'events.json'].map((file) =>
    readFileSync(new URL(`../../../fixtures/kubernetes/${folder}/${file}`, import.meta.url), 'utf8'),
  );
  const read = await Promise.all(texts.map((text) => readDocuments(text, 'x')));
  return read.flatMap(({ objects }) => objects.flatMap((object) => recordOf(object) ?? []));
}

const tell = (story: PodStory | undefined): readonly string[] =>
  (story?.phases ?? []).map(({ name, container, restart, start, end, reported }) =>
    [name, container ?? '-', restart, at(start) ?? '?', at(end) ?? '?', reported ?? ''].join(' ').trim(),
  );

describe('a cold start with an init container', async () => {
  const [story] = storiesOf(await recordsIn('a_cold'));

  test('every phase, to the nanosecond where events tell', () => {
    expect(tell(story)).toEqual([
      'pod_pending - 0 2026-11-22T01:41:39.000000000Z 2026-11-22T01:41:39.054808009Z',
      'pod_sandbox - 0 2026-11-22T01:41:39.054808009Z 2026-11-22T01:41:40.000000000Z',
      'image_pull model-downloader 0 2026-11-22T01:41:40.020441568Z 2026-11-22T01:41:43.232354830Z 3.211',
      'image_pull server 0 2026-11-22T01:41:45.609484539Z 2026-11-22T01:41:45.609484539Z',
      'init_container model-downloader 0 2026-11-22T01:41:43.349591044Z 2026-11-22T01:41:44.000000000Z',
      'container_creating model-downloader 0 2026-11-22T01:41:43.232354830Z 2026-11-22T01:41:43.349591044Z',
      'container_creating server 0 2026-11-22T01:41:45.609484539Z 2026-11-22T01:41:45.754872304Z',
    ]);
  });

  test('what the pull says of itself', () => {
    const [pull, present] = story?.phases.filter((phase) => phase.name === 'image_pull') ?? [];
    expect(pull?.attributes).toEqual({
      'image.reference': '127.0.0.1:5000/work:a1',
      'image.size_bytes': 64943457,
      'image.wait_seconds': 0,
    });
    expect(present?.attributes['image.cached']).toBe(true);
  });

  test('all witnesses of an end, the most precise first', () => {
    const pending = story?.phases.find((phase) => phase.name === 'pod_pending');
    expect(pending?.end?.proofs).toEqual([
      {
        source: 'event/demo.18ea3a7a7343cbc9',
        text: 'Scheduled: Successfully assigned s-a-cold/demo to lab-node',
        rule: 'kubernetes.scheduled',
      },
      {
        source: 'pod/s-a-cold/demo',
        text: 'condition PodScheduled=True since: 2026-11-22T01:41:39Z',
        rule: 'kubernetes.condition.PodScheduled',
      },
    ]);
    expect(pending?.start?.when.precision).toBe(1_000_000_000n);
  });

  test('who and how it is', () => {
    expect(story?.identity).toMatchObject({ namespace: 's-a-cold', pod: 'demo', node: 'lab-node' });
    expect(at(story?.ready)).toBe('2026-11-22T01:42:05.000000000Z');
    expect(story?.failures).toEqual([]);
    expect(story?.ended).toBeUndefined();
    expect(
      story?.containers.map(({ name, kind, hasReadinessProbe }) => [name, kind, hasReadinessProbe]),
    ).toEqual([
      ['model-downloader', 'init', false],
      ['server', 'main', true],
    ]);
  });
});

describe('a crash loop', async () => {
  const [story] = storiesOf(await recordsIn('d_crashloop'));

  test('four runs: what a dump still knows of each, and no more', () => {
    expect(story?.runs.map((run) => [run.restart, at(run.started), at(run.finished), run.exitCode])).toEqual([
      [0, '2026-11-22T01:44:04.506478188Z', undefined, undefined],
      [1, undefined, undefined, undefined],
      [2, '2026-11-22T01:44:33.000000000Z', '2026-11-22T01:44:39.000000000Z', 1],
      [3, '2026-11-22T01:45:05.000000000Z', undefined, undefined],
    ]);
  });

  test('the crash that is left in lastState', () => {
    expect(story?.failures.map(({ cause, phase, restart }) => [cause, phase, restart])).toEqual([
      ['crash', 'startup', 2],
    ]);
  });

  test('Ready belongs to the run that is', () => {
    expect(at(story?.ready)).toBe('2026-11-22T01:45:12.000000000Z');
  });
});

test('events alone make a story of their own', async () => {
  const events = (await recordsIn('a_cold')).filter((record) => record.kind === 'event');
  const [story] = storiesOf(events);
  expect(story?.has).toEqual({ pod: false, events: true });
  expect(story?.identity).toMatchObject({ namespace: 's-a-cold', pod: 'demo', node: 'lab-node' });
  expect(tell(story)).toContain(
    'container_creating server 0 2026-11-22T01:41:45.609484539Z 2026-11-22T01:41:45.754872304Z',
  );
  const init = story?.phases.find((phase) => phase.name === 'init_container');
  // Its own end is not among events: the next container's first step came at the latest then.
  expect([at(init?.end), init?.end?.derived]).toEqual(['2026-11-22T01:41:45.609484539Z', true]);
});

test('order, repetition and splitting change nothing', async () => {
  const records = [...(await recordsIn('a_cold')), ...(await recordsIn('d_crashloop'))];
  const events = records.filter((record) => record.kind === 'event');
  const older = events.map((event) => ({ ...event, count: 1, version: 1, last: event.first }));
  const all = [...records, ...older];
  const expected = storiesOf(all);
  fc.assert(
    fc.property(fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }), (shuffled) => {
      expect(storiesOf(shuffled)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
  expect(storiesOf(records)).toEqual(expected);
});

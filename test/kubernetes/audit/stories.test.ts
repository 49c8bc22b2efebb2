// The stories that audit logs tell: of every level, in every order, alone and beside dumps.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KubeRecord, readDocuments, recordsOf, storiesOf } from '../../../lib/kubernetes/index.ts';
import type { PodStory } from '../../../lib/model/pod-story.ts';
import { type AuditLog, allTold, linesOf } from './audit-log.ts';

const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one)));

const storyOf = (records: readonly KubeRecord[], pod: string): PodStory => {
  const story = storiesOf(records).find(({ identity }) => identity.pod === pod);
  if (story === undefined) throw new Error(`no story of ${pod}`);
  return story;
};

const dumped = async (name: string): Promise<readonly KubeRecord[]> => {
  const { objects } = await readDocuments(readFileSync(name, 'utf8'), name);
  return objects.flatMap((object) => recordsOf(object, name));
};

const crashloop = allTold(linesOf('crashloop.request-response'));

describe('a crash loop from its audit log alone', () => {
  const { runs, readies, created, has } = storyOf(crashloop, 'demo');

  // containerd's "StartContainer … returns successfully" of each attempt, truth.json of the recording.
  test.each([
    [0, 1_795_311_844_506_019_507n],
    [1, 1_795_311_855_438_845_822n],
    [2, 1_795_311_874_014_876_440n],
    [3, 1_795_311_905_807_876_696n],
  ])('attempt %i started within 30 ms of the truth', (restart, truth) => {
    const started = runs.find((run) => run.restart === restart)?.started?.when;
    expect(Number((started?.at ?? 0n) - truth) / 1e6).toBeGreaterThan(0);
    expect(Number((started?.at ?? 0n) - truth) / 1e6).toBeLessThan(30);
    expect(started?.precision).toBeLessThanOrEqual(1000n);
  });

  test('every attempt ended as it did, the last one became ready', () => {
    expect(runs.map(({ restart, exitCode }) => [restart, exitCode])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, undefined],
    ]);
    expect(readies).toHaveLength(1);
    expect(created?.when).toEqual({ at: 1_795_311_814_451_470_000n, precision: 1000n });
    expect(has).toEqual({ pod: true, events: true });
  });
});

test('level Request knows the repetitions too, only the spec is missing', () => {
  const story = storyOf(allTold(linesOf('crashloop.request')), 'demo');
  const whole = storyOf(crashloop, 'demo');
  expect(story.labels).toEqual({});
  expect(story.created?.when).toEqual(whole.created?.when);
  expect(story.runs.map(({ started, exitCode }) => [started?.when, exitCode])).toEqual(
    whole.runs.map(({ started, exitCode }) => [started?.when, exitCode]),
  );
  expect(story.ready?.when).toEqual(whole.ready?.when);
});

test('level Metadata has no bodies: the binding names the uid, what was written into the status is not known', () => {
  const story = storyOf(allTold(linesOf('crashloop.metadata')), 'demo');
  expect(story.phases.map(({ name, start, end }) => [name, start?.when.at, end?.when.at])).toEqual([
    ['pod_pending', 1_795_311_814_451_470_000n, 1_795_311_814_474_694_000n],
  ]);
  expect([story.runs, story.ready]).toEqual([[], undefined]);
});

describe('the policy of EKS: no events, statuses as patches', () => {
  const story = storyOf(allTold(linesOf('vllm.eks')), 'llm-engine-0');

  test('spec and labels are of the request that made the pod, the status is the newest', () => {
    expect(story.labels).toEqual({ app: 'llm-engine' });
    expect(story.attributes).toMatchObject({ model_name: 'tiny', image_tag: 'v1' });
    expect(story.containers.map(({ name, hasReadinessProbe }) => [name, hasReadinessProbe])).toEqual([
      ['engine', true],
    ]);
    expect(story.phase).toBe('Running');
  });

  test('created, sandbox, started and ready are known to the microsecond', () => {
    expect(story.created?.when.at).toBe(1_795_313_112_532_002_000n);
    expect(story.phases.find(({ name }) => name === 'pod_sandbox')?.end?.when.at).toBe(
      1_795_313_113_025_229_000n,
    );
    expect(story.runs.map(({ restart, started }) => [restart, started?.when.at])).toEqual([
      [0, 1_795_313_116_390_054_000n],
    ]);
    expect(story.ready?.when.at).toBe(1_795_313_177_890_050_000n);
  });

  test('no image pull: nobody saw one', () => {
    expect(story.phases.map(({ name }) => name)).not.toContain('image_pull');
    expect(story.has.events).toBe(false);
  });

  test('a deletion ends the story of the pod that was meant', () => {
    const records = allTold(linesOf('deletions.eks'));
    expect(storyOf(records, 'deleted-in-init').ended?.when.at).toBe(1_795_312_493_000_000_000n);
    expect(storyOf(records, 'deadline').failures.map(({ cause }) => cause)).toContain('deadline_exceeded');
  });
});

describe('beside the dumps of the same cluster', () => {
  test('the events are the same events', async () => {
    const dump = [
      ...(await dumped('fixtures/kubernetes/d_crashloop/events.json')),
      ...(await dumped('fixtures/kubernetes/d_crashloop/pods.json')),
    ];
    const both = storyOf([...dump, ...crashloop], 'demo');
    const alone = storyOf(dump, 'demo');
    expect(both.runs).toHaveLength(alone.runs.length);
    expect(count(both)).toEqual({ ...count(alone), ...count(storyOf(crashloop, 'demo')) });
    expect(both.containers).toEqual(alone.containers);
  });

  const count = ({ phases }: PodStory) =>
    Object.fromEntries(phases.map(({ name, restart }) => [`${name} ${restart}`, 1]));

  test('a dump that was taken later is newer than every patch before it', async () => {
    const dump = await dumped('fixtures/kubernetes/d_crashloop/pods.json');
    const patches = allTold(linesOf('crashloop.request')).filter(({ kind }) => kind === 'pod');
    const both = storyOf([...dump, ...patches], 'demo');
    expect(both.phase).toBe(storyOf(dump, 'demo').phase);
    expect(both.ready?.when).toEqual(storyOf(dump, 'demo').ready?.when);
    // The dump remembers two runs, the patches saw them all.
    expect(both.runs.filter(({ finished }) => finished !== undefined)).toHaveLength(3);
  });
});

const LOGS: readonly AuditLog[] = [
  'crashloop.request-response',
  'crashloop.request',
  'vllm.eks',
  'deletions.eks',
];

describe('the set of records tells the story, never their order, batching or repetition', () => {
  test.each(LOGS)('%s', (log) => {
    const lines = linesOf(log);
    const expected = plain(storiesOf(allTold(lines)));
    const shuffled = fc.shuffledSubarray([...lines], { minLength: lines.length, maxLength: lines.length });
    fc.assert(
      fc.property(shuffled, fc.subarray([...lines]), (order, again) => {
        expect(plain(storiesOf(allTold([...order, ...again])))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('all levels of one log at once tell what the fullest tells', () => {
    const all = [
      ...allTold(linesOf('crashloop.metadata')),
      ...allTold(linesOf('crashloop.request')),
      ...crashloop,
    ];
    const [story, ...others] = storiesOf(all);
    expect(others).toEqual([]);
    const times = ({ phases, runs, readies }: PodStory) =>
      plain([
        phases.map(({ name, restart, start, end }) => [name, restart, start?.when, end?.when]),
        runs.map(({ started, finished }) => [started?.when, finished?.when]),
        readies?.map(({ when }) => when),
      ]);
    expect(story && times(story)).toEqual(times(storyOf(crashloop, 'demo')));
  });
});

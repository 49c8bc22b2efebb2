// Image pulls: one phase per try, and where its start comes from.

import { describe, expect, test } from 'vitest';
import type { PodStory } from '../../../lib/model/pod-story.ts';
import { event, nanos, pod, story } from '../pods.ts';

const X = 'repo/vllm:v1';
const pulling = (at: number, more = {}) =>
  event({ reason: 'Pulling', message: `Pulling image "${X}"`, at, ...more });
const pulled = (at: number, how: string, more = {}) =>
  event({ reason: 'Pulled', message: `Successfully pulled image "${X}"${how}`, at, ...more });
const present = (at: number, more = {}) =>
  event({ reason: 'Pulled', message: `Container image "${X}" already present on machine`, at, ...more });
const failed = (at: number, more = {}) =>
  event({
    reason: 'Failed',
    message: `Failed to pull image "${X}": rpc error: code = NotFound`,
    at,
    ...more,
  });
const started = (at: number, more = {}) =>
  event({ reason: 'Started', message: 'Container started', at, ...more });

const pulls = (told: PodStory) =>
  told.phases
    .filter((phase) => phase.name === 'image_pull')
    .map(({ container, start, end, attributes }) => [
      container,
      start && Number(start.when.at - nanos(0)) / 1e9,
      end && Number(end.when.at - nanos(0)) / 1e9,
      attributes['error'] === true ? 'failed' : attributes['image.cached'] === true ? 'cached' : 'pulled',
    ]);

describe('a try', () => {
  test('count 1: from Pulling, whatever is printed', () => {
    const told = story(
      pulling(10.25),
      pulled(13.5, ' in 1s (3.249s including waiting). Image size: 7 bytes.'),
    );
    expect(pulls(told)).toEqual([['main', 10.25, 13.5, 'pulled']]);
    expect(told.phases[0]?.attributes).toMatchObject({ 'image.wait_seconds': 2.249, 'image.size_bytes': 7 });
    expect(told.phases[0]?.reported).toBe(1);
  });

  test('Pulling x2 keeps the first, failed try: the success starts its printed waiting before its end', () => {
    const told = story(
      pulling(10.25, { count: 2, last: 26 }),
      failed(12.5),
      pulled(27.75, ' in 1.1s (1.5s including waiting)'),
    );
    expect(pulls(told)).toEqual([
      ['main', 10.25, 12.5, 'failed'],
      ['main', 26.25, 27.75, 'pulled'],
    ]);
    expect(told.phases[1]?.start?.derived).toBe(true);
    expect(told.phases[1]?.start?.proofs).toHaveLength(2);
  });

  test('up to 1.24 the one number includes the waiting; before 1.19 there is none', () => {
    expect(pulls(story(pulled(20.5, ' in 413.407486ms')))).toEqual([['main', 20.086592514, 20.5, 'pulled']]);
    expect(pulls(story(pulled(20.5, '')))).toEqual([['main', undefined, 20.5, 'pulled']]);
  });

  test('a lost Failed event: the printed duration shows that Pulling x2 is of another try', () => {
    const told = story(pulling(10.25, { count: 2, last: 26 }), pulled(27.75, ' in 1.5s'));
    expect(pulls(told)).toEqual([['main', 26.25, 27.75, 'pulled']]);
  });

  test('still under way', () => {
    expect(pulls(story(pulling(10.25)))).toEqual([['main', 10.25, undefined, 'pulled']]);
    expect(pulls(story(pulling(10.25), started(99)))).toEqual([]);
  });

  test('a forged duration that reaches back before the pod is not believed', () => {
    expect(pulls(story(pod(), pulled(20.5, ' in 20h')))).toEqual([['main', undefined, 20.5, 'pulled']]);
  });
});

describe('already present', () => {
  test('takes no time', () => {
    expect(pulls(story(present(5.5)))).toEqual([['main', 5.5, 5.5, 'cached']]);
  });

  test('on a restart it is of that restart', () => {
    const told = story(
      pulling(1),
      pulled(3, ' in 2s'),
      started(4.5),
      present(30.5),
      started(31.5, { count: 1 }),
    );
    expect(told.phases.filter((phase) => phase.name === 'image_pull').map((phase) => phase.restart)).toEqual([
      0, 1,
    ]);
  });

  test('retries of a start whose image was pulled say nothing new (k_configerror)', () => {
    const told = story(
      pulling(1.5),
      pulled(3.5, ' in 2s'),
      present(4.5, { count: 3, last: 30 }),
      started(31.5),
    );
    expect(pulls(told)).toEqual([['main', 1.5, 3.5, 'pulled']]);
  });
});

describe('whose image', () => {
  const two = pod({
    spec: {
      containers: [
        { name: 'main', image: X },
        { name: 'proxy', image: 'repo/envoy:1' },
      ],
    },
  });

  test('fieldPath tells', () => {
    expect(pulls(story(two, present(5.5, { container: 'proxy' })))[0]?.[0]).toBe('proxy');
  });

  test('without fieldPath: the image, when only one container has it', () => {
    expect(pulls(story(two, present(5.5, { fieldPath: false })))[0]?.[0]).toBe('main');
  });

  test('without fieldPath and with two of the same image: nobody', () => {
    const same = pod({
      spec: {
        containers: [
          { name: 'a', image: X },
          { name: 'b', image: X },
        ],
      },
    });
    expect(pulls(story(same, present(5.5, { fieldPath: false })))[0]?.[0]).toBeNull();
  });

  test('without fieldPath and pod: the name that Started gave (1.14 to 1.34)', () => {
    const named = event({ reason: 'Started', message: 'Started container vllm', at: 7.5, fieldPath: false });
    expect(pulls(story(present(5.5, { fieldPath: false }), named))[0]?.[0]).toBe('vllm');
  });
});

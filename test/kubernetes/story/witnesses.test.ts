// Several witnesses of one life: who is believed, what is kept, what cannot both be true.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, MICROSECOND } from '../../../lib/base/instant.ts';
import { type KubeRecord, storiesOf } from '../../../lib/kubernetes/index.ts';
import type { PodStory, Witnessed } from '../../../lib/model/pod-story.ts';
import { condition, event, nanos, pod, recordsOf, second, UID } from '../pods.ts';
import { type SightingFor, sighting } from '../sightings.ts';

const seconds = (at: Witnessed | undefined): number | undefined => at && Number(at.when.at - nanos(0)) / 1e9;

const rules = (at: Witnessed | undefined): readonly string[] => (at?.proofs ?? []).map(({ rule }) => rule);

function storyOf(records: readonly KubeRecord[]): PodStory {
  const [only, other] = storiesOf(records);
  if (only === undefined || other !== undefined) throw new Error('expected one story');
  return only;
}

const phase = (story: PodStory, name: string) => story.phases.find((one) => one.name === name);

const LIFE: readonly SightingFor[] = [
  { at: 0.532, rule: 'audit.create', saw: { what: 'created' } },
  { at: 0.549, rule: 'audit.binding', saw: { what: 'scheduled', node: 'node-1' } },
  { at: 0.551, rule: 'kubelet.accepted', saw: { what: 'accepted' } },
  { at: 1.015, rule: 'containerd.sandbox_ready', saw: { what: 'sandbox_ready' } },
  {
    at: 1.024,
    rule: 'containerd.pull',
    saw: { what: 'pull_began', container: 'main', image: 'repo/vllm:v1' },
  },
  {
    at: 4.281,
    rule: 'containerd.pulled',
    saw: { what: 'pull_ended', container: 'main', image: 'repo/vllm:v1', took: 3.25 },
  },
  { at: 4.38, rule: 'containerd.started', saw: { what: 'container_started', container: 'main', attempt: 0 } },
  { at: 65.87, rule: 'kubelet.probe_ready', saw: { what: 'probe_ready' } },
];

const SCHEDULED = {
  ...event({
    reason: 'Scheduled',
    message: 'Successfully assigned ns/demo to node-1',
    at: 0.5547,
    fieldPath: false,
  }),
  reportingComponent: 'default-scheduler',
  source: {},
};

const EVENTS = [
  SCHEDULED,
  event({ reason: 'Pulling', message: 'Pulling image "repo/vllm:v1"', at: 1.02 }),
  event({
    reason: 'Pulled',
    message: 'Successfully pulled image "repo/vllm:v1" in 3.26s (3.26s including waiting)',
    at: 4.2819,
  }),
  event({ reason: 'Started', message: 'Container started', at: 4.3808 }),
];

const POD = pod({
  spec: { containers: [{ name: 'main', image: 'repo/vllm:v1', readinessProbe: {} }] },
  status: {
    conditions: [
      condition('PodScheduled', 'True', 0),
      condition('PodReadyToStartContainers', 'True', 1),
      condition('Ready', 'True', 65),
    ],
    containerStatuses: [
      { name: 'main', restartCount: 0, state: { running: { startedAt: '2026-11-22T01:00:04Z' } } },
    ],
  },
});

describe('all witnesses', () => {
  const story = storyOf([...recordsOf([POD, ...EVENTS]), ...LIFE.map(sighting)]);

  it.each([
    ['created', story.created, 0.532, ['audit.create', 'kubernetes.created']],
    [
      'scheduled',
      phase(story, 'pod_pending')?.end,
      0.549,
      ['audit.binding', 'kubernetes.scheduled', 'kubernetes.condition.PodScheduled'],
    ],
    ['accepted', phase(story, 'pod_sandbox')?.start, 0.551, ['kubelet.accepted']],
    [
      'sandbox ready',
      phase(story, 'pod_sandbox')?.end,
      1.015,
      ['containerd.sandbox_ready', 'kubernetes.condition.PodReadyToStartContainers'],
    ],
    ['pulled', phase(story, 'image_pull')?.end, 4.2819, ['kubernetes.pulled', 'containerd.pulled']],
    [
      'started',
      phase(story, 'container_creating')?.end,
      4.38,
      ['containerd.started', 'kubernetes.started', 'kubernetes.status.started'],
    ],
    ['ready', story.ready, 65.87, ['kubelet.probe_ready', 'kubernetes.condition.Ready']],
  ])('%s: the closest to the fact is believed, all are kept', (_, at, when, by) => {
    expect(seconds(at)).toBe(when);
    expect(rules(at)).toEqual(by);
  });

  it('agree', () => {
    expect(story.conflicts).toEqual([]);
  });
});

describe('journals and audit log alone', () => {
  const story = storyOf(LIFE.map(sighting));

  it('tell the same borders', () => {
    expect(story.phases.map(({ name, start, end }) => [name, seconds(start), seconds(end)])).toEqual([
      ['pod_pending', 0.532, 0.549],
      ['pod_sandbox', 0.551, 1.015],
      ['image_pull', 1.024, 4.281],
      ['container_creating', 4.281, 4.38],
    ]);
    expect(seconds(story.ready)).toBe(65.87);
    expect(story.identity).toEqual({ uid: UID, namespace: 'ns', pod: 'demo', node: 'node-1' });
  });

  it('leave Ready open when another container may be missing', () => {
    const sidecar = sighting({
      at: 4.5,
      rule: 'containerd.started',
      saw: { what: 'container_started', container: 'log', attempt: 0 },
    });
    expect(storyOf([...LIFE.map(sighting), sidecar]).ready).toBeUndefined();
  });

  it('know a pod by name only once another witness has told its uid', () => {
    const nameless = LIFE.map((one) =>
      sighting({ ...one, pod: { uid: one.rule === 'audit.create' ? UID : undefined } }),
    );
    expect(storyOf(nameless)).toEqual(story);
    expect(storiesOf(LIFE.map((one) => sighting({ ...one, pod: { uid: undefined } })))).toEqual([]);
  });

  it('of two pods of one name give each its own', () => {
    const later = LIFE.map((one) => ({ ...one, at: one.at + 600 }));
    const both = [
      ...LIFE.map((one) => sighting({ ...one, pod: { uid: one.rule === 'audit.create' ? UID : undefined } })),
      ...later.map((one) =>
        sighting({ ...one, pod: { uid: one.rule === 'audit.create' ? 'b' : undefined } }),
      ),
    ];
    const [first, second] = storiesOf(both);
    expect([seconds(first?.ready), seconds(second?.ready)]).toEqual([65.87, 665.87]);
  });
});

describe('runs', () => {
  const run = (at: number, what: 'container_started' | 'container_exited', attempt?: number) =>
    sighting({
      at,
      rule: `containerd.${what}`,
      saw: { what, container: 'main', ...(attempt === undefined ? {} : { attempt }) },
    });

  it.each([
    ['the runtime counts', [0, 1, 2]],
    ['nobody counts', [undefined, undefined, undefined]],
  ])('%s: a start for each, an end for each', (_, [a, b, c]) => {
    const story = storyOf([
      ...[run(1, 'container_started', a), run(2, 'container_exited', a)],
      ...[run(12, 'container_started', b), run(13, 'container_exited', b)],
      run(33, 'container_started', c),
    ]);
    expect(
      story.runs.map(({ restart, started, finished }) => [restart, seconds(started), seconds(finished)]),
    ).toEqual([
      [0, 1, 2],
      [1, 12, 13],
      [2, 33, undefined],
    ]);
  });

  it('an event a moment later is of the same run', () => {
    const started = event({ reason: 'Started', message: 'Container started', at: 33.4 });
    const story = storyOf([...recordsOf([started]), run(33, 'container_started', 2)]);
    expect(story.runs.map(({ restart, started: at }) => [restart, seconds(at)])).toEqual([[2, 33]]);
  });
});

describe('the wait for other pulls', () => {
  it('lies between the kubelet and the runtime where the message is silent', () => {
    const old = [
      event({ reason: 'Pulling', message: 'Pulling image "repo/vllm:v1"', at: 1 }),
      event({ reason: 'Pulled', message: 'Successfully pulled image "repo/vllm:v1"', at: 9 }),
    ];
    const fetch = [
      sighting({
        at: 6.5,
        rule: 'containerd.pull',
        saw: { what: 'pull_began', container: 'main', image: 'repo/vllm:v1' },
      }),
      sighting({
        at: 8.99,
        rule: 'containerd.pulled',
        saw: { what: 'pull_ended', container: 'main', image: 'repo/vllm:v1' },
      }),
    ];
    const pull = phase(storyOf([...recordsOf(old), ...fetch]), 'image_pull');
    expect([seconds(pull?.start), seconds(pull?.end), pull?.attributes['image.wait_seconds']]).toEqual([
      1, 9, 5.5,
    ]);
  });
});

describe('a node whose clock is off', () => {
  const shifted = (by: number) => [
    ...recordsOf([
      pod({ status: { conditions: [condition('PodScheduled', 'True', 0)] } }),
      SCHEDULED,
      { ...event({ reason: 'Pulling', message: 'Pulling image "repo/vllm:v1"', at: 1 + by }) },
    ]),
    sighting({ at: 0.6 + by, rule: 'kubelet.accepted', saw: { what: 'accepted' } }),
    sighting({
      at: 4 + by,
      rule: 'containerd.started',
      saw: { what: 'container_started', container: 'main', attempt: 0 },
    }),
    sighting({
      at: 4.1,
      rule: 'audit.started',
      saw: { what: 'container_started', container: 'main', attempt: 0 },
    }),
  ];

  it.each([
    [90, /node node-1 is at least (?:89\.9|90\.0) s and at most 90\.[01] s ahead of the API server's/],
    [-90, /node node-1 is at least (?:89\.9|90\.0) s and at most 90\.[01] s behind the API server's/],
  ])('by %i s is told, within what cause and effect prove', (by, says) => {
    const [conflict, ...more] = storyOf(shifted(by)).conflicts ?? [];
    expect(conflict?.what).toBe('clock_skew');
    expect(conflict?.says).toMatch(says);
    expect(more).toEqual([]);
  });

  /** A status that names its start, heard by the API server at this second. */
  const patched = (startedAt: number, heard: number) => {
    const state = { running: { startedAt: second(startedAt) } };
    const containerStatuses = [{ name: 'main', restartCount: 0, state, lastState: {} }];
    const seen = { when: { at: instant(nanos(heard)), precision: MICROSECOND }, rule: 'audit.status_patch' };
    return recordsOf([pod({ status: { phase: 'Running', containerStatuses } })]).map((record) =>
      record.kind === 'pod' ? { ...record, seen: { ...seen, source: 'a', text: 'patch' } } : record,
    );
  };

  it('ahead is told where only a status that was patched proves it', () => {
    const [conflict] = storyOf(patched(94, 4.1)).conflicts ?? [];
    expect(conflict?.what).toBe('clock_skew');
    expect(conflict?.says).toMatch(/at least 89\.9 s ahead of the API server's/);
    expect(storyOf(patched(4, 4.1)).conflicts).toEqual([]);
  });

  it.each([0, 0.5, -0.09])('by %d s is not', (by) => {
    expect(storyOf(shifted(by)).conflicts).toEqual([]);
  });
});

describe('witnesses that cannot both be right', () => {
  it('are named with both their words', () => {
    const [conflict] =
      storyOf([...recordsOf([POD]), sighting({ at: 64, rule: 'audit.create', saw: { what: 'created' } })])
        .conflicts ?? [];
    expect(conflict?.what).toBe('witnesses');
    expect(conflict?.says).toContain(
      'the pod was created 2026-11-22T01:01:04.000000000Z (audit.create, a.log)',
    );
    expect(conflict?.says).toContain('64.0 s apart');
  });
});

describe('property: order and repetition of sightings', () => {
  const all = [...recordsOf([POD, ...EVENTS]), ...LIFE.map(sighting)];
  const told = storiesOf(all);

  it('change nothing', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.subarray(all),
        (shuffled, again) => {
          expect(storiesOf([...shuffled, ...again])).toEqual(told);
        },
      ),
      { numRuns: 200 },
    );
  });
});

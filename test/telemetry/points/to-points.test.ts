// Startups as points: sums and counts worked out by hand, and what must not depend on anything.

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { duration, type Instant, parseInstant, SECOND } from '../../../lib/base/instant.ts';
import { podUid } from '../../../lib/model/ids.ts';
import { UNKNOWN_PRECISION } from '../../../lib/model/mark.ts';
import { type MetricPoint, seriesOf } from '../../../lib/model/metric.ts';
import type { Startup } from '../../../lib/model/startup.ts';
import { accumulatedPoints, endsOf, rawPoints } from '../../../lib/telemetry/points/to-points.ts';
import { CASES, evidenceOf, replayed } from '../../hall/replayed.ts';
import { at, FAILED, moment, phase, placed, proof, READY, startup } from '../sample-startups.ts';

const time = (text: string): Instant => parseInstant(text) ?? at(0);

/** Name, labels and value of each point; of histograms count and sum. */
function told(points: readonly MetricPoint[]): readonly unknown[] {
  return points.map(({ instrument, labels, value }) => [
    instrument.name.replace(/^startup\./, ''),
    labels,
    value.kind === 'histogram' ? [value.count, value.sum] : value.value,
  ]);
}

describe('vllm-cold-image: one pod, everything seen', () => {
  it('sums and counts as its golden table has them', async () => {
    const { startups } = await replayed([evidenceOf('vllm-cold-image')]);
    const { points, tally } = rawPoints(startups);
    const seed = points.filter(({ instrument }) => instrument.name !== 'startup.phase.duration_seconds');
    const [endpoint_name, model_name] = ['llm-engine', 'tiny'];
    expect(told(seed)).toEqual([
      ['attempts', { endpoint_name, model_name, outcome: 'ready' }, 1],
      ['download.duration_seconds', { endpoint_name, model_name }, [1, 0.441875785]],
      ['image_pull.duration_seconds', { endpoint_name, image_tag: 'v1' }, [1, 3.260101378]],
      [
        'pod_pending.duration_seconds',
        { endpoint_name, namespace: 's-v6-vllm-cold-image-quiet' },
        [1, 0.554695294],
      ],
      ['total.duration_seconds', { endpoint_name, model_name }, [1, 65]],
      ['vllm_init.duration_seconds', { endpoint_name, model_name }, [1, 44.428459713]],
    ]);
    const derived = { 'startup.certainty': 'derived' };
    expect(told(points)).toContainEqual([
      'phase.duration_seconds',
      { phase: 'engine_boot', model_name, ...derived },
      [2, 20.3139078],
    ]);
    expect(points).toHaveLength(25);
    expect([...tally]).toEqual([]);
    for (const { start, end } of points)
      expect([start, end]).toEqual([time('2026-11-22T02:05:12Z'), time('2026-11-22T02:06:17Z')]);
  });

  it('65 s is in the bucket up to 90 s, 3.26 s in the one up to 5 s', async () => {
    const { points } = rawPoints((await replayed([evidenceOf('vllm-cold-image')])).startups);
    const bucket = (name: string) => {
      const value = points.find(
        ({ instrument }) => instrument.name === `startup.${name}.duration_seconds`,
      )?.value;
      return value?.kind === 'histogram' ? value.bounds[value.counts.indexOf(1)] : undefined;
    };
    expect([bucket('total'), bucket('image_pull'), bucket('pod_pending')]).toEqual([90, 5, 1]);
  });
});

describe('what is left out, and counted', () => {
  const lone = (more: Partial<Startup>) => rawPoints([startup(more)]);
  const seen = [placed('start', 'created'), placed('end', 'ready')].map((one) => ({
    ...one,
    rule: 'kubernetes.created',
  }));

  it.each<[string, Partial<Startup>, string]>([
    ['an open phase', { phases: [phase('vllm_init', at(1), at(9), { certainty: 'open' })] }, 'open'],
    [
      'a phase whose beginning nobody saw',
      { phases: [phase('readiness_lag', at(1), at(9), { attributes: { 'startup.start_unknown': true } })] },
      'start_unknown',
    ],
    [
      'a pull that failed',
      { phases: [phase('image_pull', at(1), at(9), { attributes: { error: true } })] },
      'failed',
    ],
    [
      'an image that was there',
      { phases: [phase('image_pull', at(1), at(1), { attributes: { 'image.cached': true } })] },
      'image_cached',
    ],
    [
      'an end known to the minute',
      { phases: [phase('server_ready', at(1), at(3), { end: moment(at(3), duration(63n * SECOND)) })] },
      'imprecise',
    ],
    [
      'a phase without a clock',
      { phases: [phase('vllm_init', at(1), at(9), { end: moment(at(9), UNKNOWN_PRECISION) })] },
      'no_clock',
    ],
  ])('%s', (_, more, why) => {
    const { points, tally } = lone({ evidence: seen, ...more });
    expect(points.map(({ instrument }) => instrument.name)).toEqual([
      'startup.attempts',
      'startup.total.duration_seconds',
    ]);
    expect([...tally]).toEqual([[`points.left_out.${why}`, 1]]);
  });

  it('the phase in which a start failed, even where its end is known; what was done before stays', () => {
    const { points, tally } = lone({
      outcome: 'failed',
      failure: { phase: 'weight_loading', cause: 'out_of_gpu_memory', evidence: proof('x') },
      phases: [phase('s5cmd_download', at(1), at(5)), phase('weight_loading', at(5), at(9))],
    });
    expect(told(points).map((each) => (each as [string])[0])).toEqual([
      'attempts',
      'download.duration_seconds',
      'phase.duration_seconds',
    ]);
    expect([...tally].sort()).toEqual([
      ['points.left_out.failed', 1],
      ['points.left_out.not_ready', 1],
    ]);
  });

  it('the total of a first attempt that nobody saw created', () => {
    const { tally } = lone({ evidence: [placed('start', 'first line'), placed('end', 'ready')] });
    expect([...tally]).toEqual([['points.left_out.created_unknown', 1]]);
  });

  it("attempt and total of a worker of a group: they are its leader's", () => {
    const group = { kind: 'leaderworkerset', name: 'engine', role: 'worker', members: [] } as const;
    const { points, tally } = lone({
      evidence: seen,
      group,
      phases: [phase('ray_cluster_init', at(1), at(5))],
    });
    expect(points.map(({ instrument }) => instrument.name)).toEqual(['startup.phase.duration_seconds']);
    expect([...tally]).toEqual([['points.left_out.group_worker', 1]]);
  });

  it.each(['kubernetes.created', 'audit.create', 'watch.created'])('and has one where %s saw it', (rule) => {
    const { tally } = lone({ evidence: [{ ...placed('start', 'made'), rule }, placed('end', 'ready')] });
    expect([...tally]).toEqual([]);
  });

  it('a startup without any clock, whole', () => {
    const { points, tally } = lone({ end: moment(at(0), UNKNOWN_PRECISION) });
    expect([points, [...tally]]).toEqual([[], [['points.left_out.no_clock', 1]]]);
  });
});

describe('what a point is told by', () => {
  it('throughput: 8 GB in 16 s are 4000 Mbit/s; without bytes there is none', () => {
    const download = (attributes: Record<string, number>) =>
      rawPoints([
        startup({ phases: [phase('s5cmd_download', at(1), at(17), { attributes })] }),
      ]).points.filter(({ instrument }) => instrument.name === 'startup.download.throughput_mbps');
    expect(told(download({ 's5cmd.bytes': 8e9 }))).toEqual([
      [
        'download.throughput_mbps',
        { endpoint_name: 'llama', model_name: 'meta-llama/Llama-3-8B', region: 'us-west-2' },
        [1, 4000],
      ],
    ]);
    expect(told(download({ 's5cmd.total_bytes': 8e9 }))).toMatchObject([
      [expect.anything(), expect.anything(), [1, 4000]],
    ]);
    expect(download({ 's5cmd.objects': 3 })).toEqual([]);
  });

  it("a sidecar's pull is a phase, but no pull of the main image's tag", () => {
    const { points } = rawPoints([
      startup({ phases: [phase('image_pull', at(1), at(4), { container: 'istio-proxy' })] }),
    ]);
    expect(points.map(({ instrument }) => instrument.name)).not.toContain(
      'startup.image_pull.duration_seconds',
    );
  });

  it('never by a pod, a container, a node or a uid, whatever the fixture', async () => {
    for (const name of CASES) {
      const { startups } = await replayed([evidenceOf(name)]);
      const labels = rawPoints(startups).points.flatMap((point) => Object.entries(point.labels));
      const names = new Set(labels.map(([label]) => label));
      const allowed = [
        'endpoint_name',
        'model_name',
        'region',
        'gpu_type',
        'num_gpus',
        'namespace',
        'image_tag',
        'phase',
        'outcome',
        'startup.certainty',
      ];
      expect([...names].filter((label) => !allowed.includes(label))).toEqual([]);
      const uids = startups.map(({ pod }) => pod.uid as string);
      expect(labels.filter(([, value]) => uids.includes(String(value)))).toEqual([]);
    }
  });

  it('a label of a stranger is cut at 200 characters', () => {
    const { points } = rawPoints([startup({ attributes: { model_name: 'x'.repeat(5000) } })]);
    for (const { labels } of points)
      expect(String(labels['model_name'] ?? '').length).toBeLessThanOrEqual(200);
  });
});

describe('attempts', () => {
  it('each by its outcome; the later one is timed from where the one before ended', () => {
    const { points } = rawPoints([FAILED, READY]);
    const named = (name: string) => points.filter(({ instrument }) => instrument.name === name);
    expect(named('startup.attempts').map(({ labels }) => labels['outcome'])).toEqual(['failed', 'ready']);
    const [total] = named('startup.total.duration_seconds');
    expect(total?.value).toMatchObject({ count: 1, sum: 31.000000007, min: 31.000000007, max: 31.000000007 });
    expect([total?.start, total?.end]).toEqual([at(30), at(61, 7n)]);
  });
});

/** Starts of several pods, models and outcomes: few labels, so that series are shared. */
const anyStartups = fc
  .array(
    fc.record({
      uid: fc.integer({ min: 0, max: 30 }),
      model: fc.constantFrom('a', 'b', 'c'),
      seconds: fc.integer({ min: 0, max: 5000 }),
      outcome: fc.constantFrom('ready' as const, 'failed' as const),
    }),
    { maxLength: 25 },
  )
  .map((drafts) =>
    [...new Map(drafts.map((draft) => [draft.uid, draft])).values()].map(({ uid, model, seconds, outcome }) =>
      startup({
        pod: { ...READY.pod, uid: podUid(`pod-${uid}`) },
        attributes: { model_name: model },
        attempt: 1,
        outcome,
        end: moment(at(seconds)),
        phases: [phase('vllm_init', at(0), at(seconds, 1n))],
      }),
    ),
  );

/** Observations by series, over all points; buckets add up to the count of their point. */
function counts(points: readonly MetricPoint[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const point of points) sums[seriesOf(point)] = (sums[seriesOf(point)] ?? 0) + countOf(point);
  return sums;
}

function countOf({ value }: MetricPoint): number {
  if (value.kind !== 'histogram') return value.value;
  expect(value.counts.reduce((sum, count) => sum + count, 0)).toBe(value.count);
  return value.count;
}

let all: readonly Startup[] = [];
beforeAll(async () => {
  all = (await replayed(CASES.map(evidenceOf))).startups;
}, 60_000);

describe('whatever comes in', () => {
  it('order and repetition change nothing', () => {
    expect(all.length).toBeGreaterThan(20);
    const once = rawPoints(all);
    const again = rawPoints([...all.toReversed(), ...all]);
    expect(again.points).toEqual(once.points);
    fc.assert(
      fc.property(
        anyStartups.chain((some) =>
          fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
        ),
        ([some, shuffled]) => {
          expect(rawPoints([...shuffled, ...some]).points).toEqual(rawPoints(some).points);
        },
      ),
    );
  });

  it('split in two deliveries, the raw points are the same', () => {
    fc.assert(
      fc.property(anyStartups, fc.nat(25), (some, cut) => {
        const parts = [...rawPoints(some.slice(0, cut)).points, ...rawPoints(some.slice(cut)).points];
        const keyed = (points: readonly MetricPoint[]) =>
          points.map((point) => `${point.startups} ${seriesOf(point)}`).sort();
        expect(keyed(parts)).toEqual(keyed(rawPoints(some).points));
      }),
    );
  });

  it('raw and accumulated count the same, and buckets add up to the count', () => {
    fc.assert(
      fc.property(anyStartups, (some) => {
        expect(counts(accumulatedPoints(some, { start: at(0), end: at(9000) }).points)).toEqual(
          counts(rawPoints(some).points),
        );
      }),
    );
  });
});

describe('accumulated', () => {
  it('one point per series and run; a series that paused for a run joins where it ended', () => {
    const of = (model: string) =>
      startup({
        pod: { ...READY.pod, uid: podUid(model) },
        attributes: { model_name: model },
        attempt: 1,
      });
    let ends: ReadonlyMap<string, Instant> = new Map();
    const seen = [[of('a'), of('b')], [of('b')], [of('a')]].flatMap((startups, index) => {
      const { points } = accumulatedPoints(startups, {
        start: at(index * 300),
        end: at((index + 1) * 300),
        ends,
      });
      ends = endsOf(points, ends);
      return points
        .filter(({ instrument }) => instrument.name === 'startup.attempts')
        .map(({ labels, start, end }) => [labels['model_name'], start, end]);
    });
    expect(seen).toEqual([
      ['a', at(0), at(300)],
      ['b', at(0), at(300)],
      ['b', at(300), at(600)],
      ['a', at(300), at(900)],
    ]);
  });
});

describe('more series than the limit', () => {
  const many = Array.from({ length: 12 }, (_, index) =>
    startup({
      pod: { ...READY.pod, uid: podUid(`p-${index}`) },
      attributes: { model_name: `m${index % 9}` },
      attempt: 1,
    }),
  );

  it('those with the most observations keep their labels; the rest is told together and counted', () => {
    const { points, tally } = accumulatedPoints(many, { start: at(0), end: at(100) }, 4);
    const attempts = points.filter(({ instrument }) => instrument.name === 'startup.attempts');
    expect(told(attempts)).toEqual([
      ['attempts', { model_name: 'm0', outcome: 'ready' }, 2],
      ['attempts', { model_name: 'm1', outcome: 'ready' }, 2],
      ['attempts', { model_name: 'm2', outcome: 'ready' }, 2],
      ['attempts', { 'otel.metric.overflow': true }, 6],
    ]);
    // Totals overflow as the attempts do.
    expect(tally.get('points.overflowed')).toBe(12);
    expect(accumulatedPoints(many.toReversed(), { start: at(0), end: at(100) }, 4).points).toEqual(points);
  });
});

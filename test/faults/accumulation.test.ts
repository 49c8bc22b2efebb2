// Points for a store that adds up (Prometheus): sums are right, and intervals of a series join or gap, never overlap.

import { describe, expect, it } from 'vitest';
import type { DecodedPoint } from '../exporters/decode-points.ts';
import { type Reply, type Sink, sink, taken } from '../exporters/sink.ts';
import {
  collect,
  expectedPoints,
  minutes,
  openScene,
  pass,
  RECORDINGS,
  recover,
  runOnce,
  toldBy,
} from './scene.ts';

const seriesOf = ({ name, labels }: { readonly name: string; readonly labels: object }): string =>
  `${name} ${JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;

type Sums = Readonly<Record<string, { readonly count: number; readonly sum: number }>>;

function sumsOf(points: readonly { readonly series: string; readonly value: DecodedPoint['value'] }[]): Sums {
  const sums: Record<string, { count: number; sum: number }> = {};
  for (const { series, value } of points) {
    const { count, sum } = sums[series] ?? { count: 0, sum: 0 };
    const more = value.kind === 'histogram' ? value : { count: value.value, sum: 0 };
    sums[series] = { count: count + more.count, sum: sum + more.sum };
  }
  return Object.fromEntries(
    Object.entries(sums).map(([series, { count, sum }]) => [
      series,
      { count, sum: Math.round(sum * 1e6) / 1e6 },
    ]),
  );
}

const arrived = ({ received }: Sink): readonly DecodedPoint[] => received.flatMap(({ points }) => points);

const addedUp = (points: readonly DecodedPoint[]): Sums =>
  sumsOf(points.map((point) => ({ series: seriesOf(point), value: point.value })));

/** By hand: every start's own points, one after the other. */
const byHand = async (recordings: Parameters<typeof toldBy>[0]): Promise<Sums> =>
  sumsOf(
    expectedPoints(await toldBy(recordings)).map((point) => ({
      series: seriesOf({ ...point, name: point.instrument.name }),
      value: point.value,
    })),
  );

function overlaps(points: readonly DecodedPoint[]): readonly string[] {
  const found: string[] = [];
  for (const [series, group] of Map.groupBy(points, seriesOf))
    for (const [index, { start, end }] of group.entries())
      if (start >= end || start < (group[index - 1]?.end ?? 0n)) found.push(`${series} ${start} ${end}`);
  return found;
}

const PROMETHEUS = { destination: 'prometheus', metrics: true } as const;

describe('two runs and a re-run', () => {
  it('come to the sums of all starts, and every interval begins where the last one of its series ended', async () => {
    const [first, ...others] = RECORDINGS;
    await using destination = await sink(taken);
    const scene = await openScene({ url: destination.url, recordings: [first], sending: PROMETHEUS });
    expect((await runOnce(scene)).status).toBe('ok');
    await collect(scene, others);
    scene.logs = { paths: others.map((name) => `fixtures/${name}/evidence`) };
    scene.source = 'again';
    pass(scene, minutes(7));
    expect((await runOnce(scene)).status).toBe('ok');
    const points = arrived(destination);
    expect(overlaps(points)).toEqual([]);
    const requests = destination.received.length;
    scene.source = 'once more';
    expect((await runOnce(scene)).status).toBe('ok');
    await recover(scene);
    expect(destination.received).toHaveLength(requests);
    expect(addedUp(arrived(destination))).toEqual(await byHand([first, ...others]));
    expect(new Set(points.map(({ end }) => end)).size).toBeGreaterThan(1);
  });

  it('what was refused for a while leaves gaps, never overlaps, and is in the sums', async () => {
    let requests = 0;
    const busy: Reply = (received, response) => {
      requests += 1;
      if (requests % 2 === 1) response.writeHead(429, { 'retry-after': '3600' }).end();
      else taken(received, response);
    };
    await using destination = await sink(busy);
    const scene = await openScene({ url: destination.url, sending: PROMETHEUS });
    const runs = [await runOnce(scene)];
    while (runs.at(-1)?.status !== 'ok' && runs.length < 12) {
      pass(scene, minutes(61));
      runs.push(await runOnce(scene));
    }
    expect(runs.at(-1)?.status).toBe('ok');
    const accepted = destination.received
      .filter((_, index) => index % 2 === 1)
      .flatMap(({ points }) => points);
    expect(overlaps(arrived(destination))).toEqual([]);
    expect(addedUp(accepted)).toEqual(await byHand(RECORDINGS));
  });
});

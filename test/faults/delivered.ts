// What has arrived at a destination, beside what should have.

import { expect } from 'vitest';
import type { Startup } from '../../lib/model/startup.ts';
import type { DecodedPoint } from '../exporters/decode-points.ts';
import type { Received } from '../exporters/sink.ts';
import { expectedPoints, expectedTraces } from './scene.ts';

const spanText = (id: string, span: { name: string; start: bigint; end: bigint }): string =>
  `${id} ${span.name} ${span.start} ${span.end}`;

/** Every span that arrived, once; of one that came twice the last. */
export function spansIn(received: readonly Received[]): readonly string[] {
  const last = new Map<string, string>();
  for (const { spans } of received)
    for (const span of spans) {
      const id = `${span.traceId}/${span.spanId}`;
      last.set(id, spanText(id, span));
    }
  return [...last.values()].sort();
}

export const expectedSpans = (startups: readonly Startup[]): readonly string[] =>
  expectedTraces(startups)
    .flatMap(({ spans }) => spans.map((span) => spanText(`${span.traceId}/${span.spanId}`, span)))
    .sort();

interface Told {
  readonly name: string;
  readonly labels: object;
  readonly end: bigint;
  readonly value: DecodedPoint['value'];
}

const pointText = ({ name, labels, end, value }: Told): string => {
  const all = Object.entries(labels).map(([key, label]) => `${key}=${String(label)}`);
  const amount = value.kind === 'histogram' ? `${value.count} ${value.sum}` : value.value;
  return `${name} ${all.sort().join(' ')} ${end} ${value.kind} ${amount}`;
};

/** Every point that arrived, as often as it did. */
export const pointsIn = (received: readonly Received[]): readonly string[] =>
  received.flatMap(({ points }) => points.map(pointText)).sort();

export const pointsOf = (startups: readonly Startup[]): readonly string[] =>
  expectedPoints(startups)
    .map((point) => pointText({ ...point, name: point.instrument.name }))
    .sort();

/** Points that are told by one text may be of several starts: counted, not only named. */
function countOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** How many of the expected points are not there; none may be there too often. */
export function missingPoints(received: readonly Received[], startups: readonly Startup[]): number {
  const got = countOf(pointsIn(received));
  const wanted = countOf(pointsOf(startups));
  const tooOften = [...got].filter(([text, count]) => count > (wanted.get(text) ?? 0));
  expect(tooOften).toEqual([]);
  return [...wanted].reduce((sum, [text, count]) => sum + count - (got.get(text) ?? 0), 0);
}

/** All spans, at least once; all points, exactly once. */
export function expectDelivered(received: readonly Received[], startups: readonly Startup[]): void {
  expect(spansIn(received)).toEqual(expectedSpans(startups));
  expect(pointsIn(received)).toEqual(pointsOf(startups));
}

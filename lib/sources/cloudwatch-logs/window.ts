// Windows of time: always [from, to) here, whatever an API means by endTime.
//
// FilterLogEvents includes the millisecond endTime, GetLogEvents excludes it, and StartQuery
// counts in seconds and includes both (comments of @aws-sdk/client-cloudwatch-logs 3.1169.0).
// This is the only file that knows.

import type { Instant } from '../../base/instant.ts';

/** Half-open, in milliseconds since the epoch. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

interface Bounds {
  readonly startTime: number;
  readonly endTime: number;
}

const MILLISECOND = 1_000_000n;

/** An event of millisecond t is in it when t itself is: so two windows that touch share no event and lose none. */
export const windowOf = (from: Instant, to: Instant): Window => ({
  from: roundedUp(from),
  to: roundedUp(to),
});

function roundedUp(at: Instant): number {
  const whole = at / MILLISECOND;
  return Number(whole * MILLISECOND < at ? whole + 1n : whole);
}

export const isEmpty = ({ from, to }: Window): boolean => from >= to;

export const holds = ({ from, to }: Window, timestamp: number): boolean =>
  timestamp >= from && timestamp < to;

export const filterBounds = ({ from, to }: Window): Bounds => ({ startTime: from, endTime: to - 1 });

export const getBounds = ({ from, to }: Window): Bounds => ({ startTime: from, endTime: to });

/** Wider than the window by up to a second at each end: the answer is to be trimmed with `holds`. */
export const queryBounds = ({ from, to }: Window): Bounds => ({
  startTime: Math.floor(from / 1000),
  endTime: Math.floor((to - 1) / 1000),
});

/** At whole seconds, so that no second is asked for twice; fewer pieces when there are fewer seconds. */
export function split(window: Window, pieces: number): readonly Window[] {
  const { from, to } = window;
  const first = Math.floor(from / 1000);
  const seconds = Math.ceil(to / 1000) - first;
  const count = Math.min(pieces, seconds);
  if (count < 2) return [window];
  const cuts = Array.from({ length: count - 1 }, (_, index) => {
    return (first + Math.floor(((index + 1) * seconds) / count)) * 1000;
  });
  const edges = [from, ...cuts.filter((cut) => cut > from && cut < to), to];
  return edges.slice(1).map((edge, index) => ({ from: edges[index] ?? from, to: edge }));
}

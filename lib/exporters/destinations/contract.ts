// What is known of a destination: which past it takes, and what it makes of things sent twice.
//
// A limit that nobody has written down is absent: not known, which is not "none".

import type { Duration } from '../../base/instant.ts';
import type { DestinationName } from '../../model/destination.ts';
import type { MetricKind } from '../../model/metric.ts';

/** How far from the moment of sending a time may lie. */
export interface Window {
  readonly past?: Duration;
  readonly future?: Duration;
}

export interface SpanWindow extends Window {
  /** Which end of a span the limit is about. */
  readonly of: 'start' | 'end';
}

/** Where a fact was read. */
export interface Source {
  readonly fact: string;
  readonly page: string;
  /** The day it was read; of source code, the day of the commit. */
  readonly read: string;
}

export interface PointIntake {
  /** raw: every point at its own time. accumulated: deltas are added up, so that intervals must join. */
  readonly keeps: 'raw' | 'accumulated';
  readonly windows: Readonly<Record<MetricKind, Window>>;
  /** A longer past for some kinds, where the user has switched it on. */
  readonly historical?: {
    readonly kinds: readonly MetricKind[];
    readonly past: Duration;
    /** What has to be switched on, in words. */
    readonly needs: string;
  };
}

/** Accepted, but not as one would think. */
export interface Caveat {
  /** Of spans older than this; absent: always. */
  readonly after?: Duration;
  readonly says: string;
}

export interface DestinationProfile {
  readonly name: DestinationName;
  readonly title: string;
  /** Absent: it takes no spans. */
  readonly spans?: SpanWindow;
  /** Absent: it takes no points. */
  readonly points?: PointIntake;
  /** What a span is that has the id of one that is there already. */
  readonly resentSpan: 'replaces' | 'duplicates' | 'unknown';
  readonly caveats: readonly Caveat[];
  readonly sources: readonly Source[];
}

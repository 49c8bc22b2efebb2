// When each start of a pod was, and which boot of vLLM's own spans belongs to which.

import { type Duration, duration, type Instant, instant, SECOND } from '../base/instant.ts';
import { type Attempt, attemptsOf } from './attempts.ts';
import { mainContainer } from './container-runs.ts';
import type { NativeStart, PodEvidence } from './evidence.ts';
import type { Boot } from './native-boots.ts';

export interface Window {
  readonly restart: number;
  readonly process: number;
  readonly start: Instant;
  readonly end: Instant;
}

/** A log that was cut early, or whose last lines have no time, ends before its process. */
const SLACK: Duration = duration(2n * SECOND);

const NEVER: Instant = instant(2n ** 62n);

/** Only attempts that have a time; in order. */
export function windowsOf(pod: PodEvidence): readonly Window[] {
  return attemptsOf(pod, mainContainer(pod)).flatMap((attempt) => windowOf(attempt));
}

function windowOf({ restart, process, run, tale, successor, endsRun }: Attempt): readonly Window[] {
  const signs = [run?.started?.when.at, tale?.first?.when.at].filter((at) => at !== undefined);
  const [start] = process === 0 ? signs : signs.slice(-1);
  if (start === undefined) return [];
  const over = endsRun ? (run?.finished?.when.at ?? successor?.when.at) : undefined;
  const last = tale?.last === undefined ? undefined : tale.last.when.at + tale.last.when.precision;
  const end = instant(over ?? last ?? NEVER);
  return [{ restart, process, start: instant(start - SLACK), end: instant(end + SLACK) }];
}

export interface BootsPlaced {
  readonly placed: readonly NativeStart[];
  readonly lost: readonly Boot[];
}

/** A pod without any start of its own begins where its spans do. */
export function placeBoots(pod: PodEvidence, boots: readonly Boot[]): BootsPlaced {
  const windows = windowsOf(pod);
  const sorted = [...boots].sort((a, b) => (a.start < b.start ? -1 : 1));
  if (windows.length === 0) return placeAlone(sorted);
  const found = sorted.map((boot) => ({ boot, window: windowFor(windows, boot) }));
  return {
    placed: found.flatMap(({ boot, window }) =>
      window === undefined ? [] : [{ restart: window.restart, process: window.process, spans: boot.spans }],
    ),
    lost: found.flatMap(({ boot, window }) => (window === undefined ? [boot] : [])),
  };
}

/** Each whole boot is a start of its own; loose spans alone prove none. */
function placeAlone(boots: readonly Boot[]): BootsPlaced {
  const counts = new Map<number, number>();
  const whole = boots.filter(({ isWhole }) => isWhole);
  const placed = whole.map(({ spans }) => {
    const restart = restartOf(spans) ?? 0;
    const process = counts.get(restart) ?? 0;
    counts.set(restart, process + 1);
    return { restart, process, spans };
  });
  return { placed, lost: boots.filter(({ isWhole }) => !isWhole) };
}

const restartOf = (spans: Boot['spans']): number | undefined =>
  spans.map(({ identity }) => identity.restart).find((restart) => restart !== undefined);

/** The start that it overlaps longest; the restart count of the resource decides where it is known. */
function windowFor(windows: readonly Window[], boot: Boot): Window | undefined {
  const restart = restartOf(boot.spans);
  const named = windows.filter((window) => restart === undefined || window.restart === restart);
  return named
    .map((window) => ({ window, shared: sharedBy(window, boot) }))
    .filter(({ shared }) => shared >= 0n)
    .sort((a, b) => (a.shared > b.shared ? -1 : a.shared < b.shared ? 1 : 0))[0]?.window;
}

const sharedBy = (window: Window, boot: Boot): bigint =>
  (window.end < boot.end ? window.end : boot.end) - (window.start > boot.start ? window.start : boot.start);

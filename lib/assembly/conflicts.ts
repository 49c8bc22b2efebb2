// Witnesses that contradict each other: what cannot be true if both clocks are.

import { between, type Duration, formatInstant, SECOND, toSeconds } from '../base/instant.ts';
import type { Moment } from '../model/mark.ts';
import type { Conflict, Phase } from '../model/startup.ts';

/** Clocks of machines that are kept in time differ by less. */
const TOLERANCE: Duration = SECOND;

/**
 * A phase lies in its start, so one whose log begins earlier was timed by another
 * clock (a node that is not kept in time, a zone that was guessed). Only the
 * earliest is told: the rest of its log shares the fault. Phases that Kubernetes
 * alone tells of do not count: a static pod's object is made after its containers.
 */
export function conflictsOf(start: Moment, phases: readonly Phase[]): readonly Conflict[] {
  const first = phases
    .filter((phase) => lineOf(phase) !== undefined)
    .reduce<Phase | undefined>(
      (known, phase) => (known === undefined || phase.start.at < known.start.at ? phase : known),
      undefined,
    );
  if (first === undefined) return [];
  const lead = between(first.start.at, start.at);
  if (lead <= TOLERANCE + first.start.precision + start.precision) return [];
  const seen = lineOf(first);
  return [
    {
      what: 'clocks',
      says: `${first.name} began ${formatInstant(first.start.at)} (${seen?.source}:${seen?.line}), ${toSeconds(lead).toFixed(1)} s before the start it belongs to (${formatInstant(start.at)}): check the node's clock, or name the log's zone with --tz`,
    },
  ];
}

/** The line of a log that proves where it began. */
const lineOf = ({ evidence }: Phase): Phase['evidence'][number] | undefined =>
  evidence.find(({ at, line }) => at === 'start' && line !== undefined);

// Startups as observations: one value of one instrument, with its labels.

import type { SpanId } from '../../model/ids.ts';
import { spanIdOf } from '../../model/ids.ts';
import type { Labels } from '../../model/metric.ts';
import { rootKey } from '../../model/span-key.ts';
import type { Phase, Startup } from '../../model/startup.ts';
import { CERTAINTY_LABEL, INSTRUMENTS, type InstrumentSpec } from './instruments.ts';
import { type Facts, labelsOf } from './labels.ts';
import { type LeftOut, type Measured, phaseLength, totalLength } from './measured.ts';

export interface Observation {
  readonly instrument: InstrumentSpec;
  readonly labels: Labels;
  readonly value: number;
  /** Root span of the startup. */
  readonly startup: SpanId;
}

/** One length that was looked at: an observation of each instrument that tells it, or why of none. */
export type Look = readonly Observation[] | LeftOut;

/** Everything that can be measured of one startup. */
export function observe(startup: Startup): readonly Look[] {
  const observing = { startup, id: spanIdOf(rootKey(startup)) };
  return [
    attempts(observing),
    look(totalLength(startup), (told) => [observation(observing, INSTRUMENTS.total, told)]),
    ...startup.phases.map((phase) =>
      look(phaseLength(startup, phase), (told) => phaseObservations(observing, phase, told)),
    ),
  ];
}

/** The endpoint's attempt is its leader's: a worker of a group is not one more. */
function attempts(observing: Observing): Look {
  const { group, outcome } = observing.startup;
  if (group?.role === 'worker') return [];
  return [observation(observing, INSTRUMENTS.attempts, { value: 1, facts: { outcome } })];
}

interface Observing {
  readonly startup: Startup;
  readonly id: SpanId;
}

interface Told {
  readonly value: number;
  readonly facts: Facts;
}

function look(measured: Measured, tell: (told: Told) => readonly Observation[]): Look {
  if (!measured.ok) return measured.why;
  const facts: Facts = measured.derived ? { [CERTAINTY_LABEL]: 'derived' } : {};
  return tell({ value: measured.seconds, facts });
}

function phaseObservations(observing: Observing, phase: Phase, told: Told): readonly Observation[] {
  const everyPhase = { ...told, facts: { ...told.facts, phase: phase.name } };
  return [
    observation(observing, INSTRUMENTS.phase, everyPhase),
    ...instrumentsOf(observing.startup, phase).map((instrument) => observation(observing, instrument, told)),
    ...throughput(observing, phase, told),
  ];
}

/** Besides `startup.phase`. A sidecar's pull would be told under the image tag of the main container. */
function instrumentsOf({ container }: Startup, phase: Phase): readonly InstrumentSpec[] {
  switch (phase.name) {
    case 's5cmd_download':
      return [INSTRUMENTS.download];
    case 'vllm_init':
      return [INSTRUMENTS.vllmInit];
    case 'pod_pending':
      return [INSTRUMENTS.podPending];
    case 'image_pull':
      return phase.container === container ? [INSTRUMENTS.imagePull] : [];
    default:
      return [];
  }
}

/** The seed's "mbps", read as megabits: what networks are sold by. */
function throughput(observing: Observing, phase: Phase, { value, facts }: Told): readonly Observation[] {
  const { 's5cmd.bytes': printed, 's5cmd.total_bytes': ofBar } = phase.attributes;
  const bytes = printed ?? ofBar;
  if (phase.name !== 's5cmd_download' || typeof bytes !== 'number' || bytes <= 0 || value <= 0) return [];
  return [observation(observing, INSTRUMENTS.throughput, { value: (bytes * 8) / 1_000_000 / value, facts })];
}

function observation(
  { startup, id }: Observing,
  instrument: InstrumentSpec,
  { value, facts }: Told,
): Observation {
  return { instrument, labels: labelsOf(startup, instrument, facts), value, startup: id };
}

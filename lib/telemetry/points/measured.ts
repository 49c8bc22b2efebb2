// Which lengths are known well enough to be counted, and why the others are not.

import { between, type Duration, duration, SECOND, toSeconds } from '../../base/instant.ts';
import { isUnknown, type Moment } from '../../model/mark.ts';
import type { Phase, Startup } from '../../model/startup.ts';

/** Why a length is in no histogram: the names of the counts. */
export type LeftOut =
  | 'open'
  | 'start_unknown'
  | 'failed'
  | 'image_cached'
  | 'imprecise'
  | 'clocks_disagree'
  | 'no_clock'
  | 'not_ready'
  | 'created_unknown'
  | 'group_worker';

export type Measured =
  | { readonly ok: true; readonly seconds: number; readonly derived: boolean }
  | { readonly ok: false; readonly why: LeftOut };

/** A histogram tells how long it took when it was done: no half, failed or unseen lengths. */
export function phaseLength(startup: Startup, phase: Phase): Measured {
  const { certainty, attributes, lengthUnknown } = phase;
  if (certainty === 'open') return { ok: false, why: 'open' };
  if (attributes['startup.start_unknown'] === true) return { ok: false, why: 'start_unknown' };
  if (lengthUnknown === true) return { ok: false, why: 'clocks_disagree' };
  if (attributes['error'] === true || hasFailed(startup, phase)) return { ok: false, why: 'failed' };
  if (attributes['image.cached'] === true) return { ok: false, why: 'image_cached' };
  return lengthBetween(phase.start, phase.end, certainty === 'derived');
}

/** The last try of the phase that a failed start failed in, as the span's status ERROR. */
function hasFailed({ outcome, failure, phases }: Startup, phase: Phase): boolean {
  return outcome === 'failed' && phase === phases.findLast(({ name }) => name === failure?.phase);
}

/**
 * The root of what became ready, as the span attribute `total_startup_seconds`. A first attempt of which
 * nobody saw the pod created began before its first line: what is left of it is no total.
 */
export function totalLength(startup: Startup): Measured {
  const { outcome, attempt, start, end, evidence, group } = startup;
  if (group?.role === 'worker') return { ok: false, why: 'group_worker' };
  if (outcome !== 'ready') return { ok: false, why: 'not_ready' };
  if (isAcrossClocks(startup)) return { ok: false, why: 'clocks_disagree' };
  if (attempt === 0 && !isCreationSeen(startup)) return { ok: false, why: 'created_unknown' };
  const isProved = (side: 'start' | 'end') => evidence.some(({ at }) => at === side);
  return lengthBetween(start, end, !(isProved('start') && isProved('end')));
}

/** The total reaches from the API server's clock to the node's: where these contradict each other, it is off by nobody knows what. */
const isAcrossClocks = ({ lengthUnknown, conflicts }: Startup): boolean =>
  lengthUnknown === true || conflicts.some(({ what }) => what === 'clocks' || what === 'clock_skew');

/** Rules of a creation are `kubernetes.created`, `audit.create`, `watch.created`: the witness, then what it saw. */
const isCreationSeen = ({ start, evidence, phases }: Startup): boolean =>
  evidence.some(({ at, rule }) => at === 'start' && /\.created?$/.test(rule)) ||
  phases.some(
    ({ name, start: from, attributes }) =>
      name === 'pod_pending' && from.at === start.at && attributes['startup.start_unknown'] !== true,
  );

/** Whole-second clocks on both ends leave 2 s open, and a start is still worth telling; more than itself is not. */
const USUAL_DOUBT: Duration = duration(2n * SECOND);

function lengthBetween(start: Moment, end: Moment, derived: boolean): Measured {
  if (isUnknown(start) || isUnknown(end)) return { ok: false, why: 'no_clock' };
  const length = between(start.at, end.at);
  const doubt = start.precision + end.precision;
  if (length < 0n || (doubt > USUAL_DOUBT && doubt > length)) return { ok: false, why: 'imprecise' };
  return { ok: true, seconds: toSeconds(length), derived };
}

// What a written pod status says has just happened.
//
// The kubelet writes within milliseconds of a change on an idle node, within
// seconds on a busy one, and names the second of the change in the body. So the
// instant of the request is an upper bound, and a witness only while it says more
// than that second does: in it, or, for what the kubelet hears of at once, in the
// one after it (the runtime reads its clock before the start has been answered).
// Of 50 container starts in the recordings 46 have such a witness, 33 ms late in
// the median, 0.65 s at worst. Of an end the kubelet hears by asking once a
// second: 12 requests within two seconds were 0.78 s late in the median, so only
// those inside the second count. Lists of container statuses are always written
// whole, so the same rule tells news from what has long been known.

import { after, type Duration, duration, SECOND } from '../../base/instant.ts';
import { isObject, type JsonObject, listAt, textAt } from '../../base/json.ts';
import { cut } from '../../base/text.ts';
import type { Moment } from '../../model/mark.ts';
import { type ContainerStatus, containerStatuses, type StatusRun } from '../objects/container-status.ts';
import { momentOf } from '../objects/moments.ts';
import type { Saw } from '../objects/sighting.ts';

export interface StatusSighting {
  readonly saw: Saw;
  /** The second that the body names. */
  readonly said: Moment | undefined;
}

export interface Written {
  /** When the API server was told. */
  readonly heard: Moment;
  /** The whole status, not only what has changed in it. */
  readonly isWhole: boolean;
}

export function statusSightings(status: JsonObject, written: Written): readonly StatusSighting[] {
  return [
    ...listAt(status, 'conditions')
      .filter(isObject)
      .flatMap((condition) => turnedTrue(condition, written)),
    ...containerStatuses(status).flatMap((one) => runsOf(one, written)),
  ];
}

/** PodHasNetwork was its name in 1.25 to 1.27. */
const CONDITIONS: ReadonlyMap<string, Saw> = new Map([
  ['Ready', { what: 'ready' }],
  ['PodReadyToStartContainers', { what: 'sandbox_ready' }],
  ['PodHasNetwork', { what: 'sandbox_ready' }],
]);

/** A patch leaves the time out when the second is the one of the change before. */
function turnedTrue(condition: JsonObject, { heard, isWhole }: Written): readonly StatusSighting[] {
  const saw = CONDITIONS.get(textAt(condition, 'type') ?? '');
  if (saw === undefined || condition['status'] !== 'True') return [];
  const said = momentOf(condition['lastTransitionTime']);
  if (said === undefined) return isWhole ? [] : [{ saw, said }];
  return within(AT_ONCE, heard, said, saw);
}

const runsOf = ({ container, runs }: ContainerStatus, { heard }: Written): readonly StatusSighting[] =>
  runs.flatMap((run) => [
    ...within(AT_ONCE, heard, run.started, { what: 'container_started', container, attempt: run.restart }),
    ...within(BY_ASKING, heard, run.finished, exited(container, run)),
  ]);

/** Reasons are one word; what somebody else wrote there is cut. */
const exited = (container: string, { restart, exitCode, reason }: StatusRun): Saw => ({
  what: 'container_exited',
  container,
  attempt: restart,
  ...(exitCode === undefined ? {} : { exitCode }),
  ...(reason === undefined ? {} : { reason: cut(reason, 64) }),
});

/** How long after the named second a request may still come. */
const AT_ONCE = SECOND;
const BY_ASKING = duration(0n);

const within = (
  slack: Duration,
  heard: Moment,
  said: Moment | undefined,
  saw: Saw,
): readonly StatusSighting[] => (said !== undefined && isWitness(slack, heard, said) ? [{ saw, said }] : []);

const isWitness = (slack: Duration, heard: Moment, said: Moment): boolean =>
  heard.at >= said.at && heard.at < after(said.at, duration(said.precision + slack));

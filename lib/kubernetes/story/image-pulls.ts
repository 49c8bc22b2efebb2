// Image pulls, one phase per try, from Pulling, Pulled and Failed events.
//
// An event that repeats keeps its first time only ("Pulling x2" is the failed
// first try), so a start is taken from Pulling where it surely belongs to the
// try, else from the duration that Pulled prints.

import {
  before,
  type Duration,
  duration,
  MICROSECOND,
  MILLISECOND,
  seconds,
  toSeconds,
} from '../../base/instant.ts';
import type { FactValue, Moment } from '../../model/mark.ts';
import type { ContainerRun, WitnessedPhase } from '../../model/pod-story.ts';
import { groupedBy } from '../objects/grouped.ts';
import {
  backOffImage,
  failedImage,
  type PulledMessage,
  pullingImage,
  readPulled,
} from '../objects/messages.ts';
import { byEvents, restartAt } from './container-runs.ts';
import type { PodEvent, PodEvidence } from './evidence.ts';
import { byNumber, eventProof, eventSighting, type Sighting, witness } from './proofs.ts';

type PulledNow = Extract<PulledMessage, { kind: 'pulled' }>;

/** The end of a try. */
interface Ending {
  readonly event: PodEvent;
  readonly at: Moment;
  readonly image: string;
  readonly pulled: PulledNow | undefined;
}

/** In time order per container; container null when it cannot be told. */
export function imagePulls(evidence: PodEvidence, runs: readonly ContainerRun[]): readonly WitnessedPhase[] {
  const groups = groupedBy(evidence.events, (event) => event.container ?? null);
  const own = byEvents(runs);
  return [...groups].flatMap(([container, events]) => pullsOf({ container, events, runs: own, evidence }));
}

interface Pulls {
  readonly container: string | null;
  readonly events: readonly PodEvent[];
  readonly runs: readonly ContainerRun[];
  readonly evidence: PodEvidence;
}

function pullsOf(pulls: Pulls): readonly WitnessedPhase[] {
  const endings = pulls.events.flatMap(endingsOf).sort((a, b) => (a.at.at < b.at.at ? -1 : 1));
  const tries = endings.map((ending, index) => tryOf(pulls, ending, endings[index - 1]));
  return [...tries, ...underWay(pulls, endings), ...presents(pulls, tries)];
}

function endingsOf(event: PodEvent): readonly Ending[] {
  const pulled = event.reason === 'Pulled' ? readPulled(event.message) : undefined;
  const isPulled = pulled?.kind === 'pulled';
  const image = isPulled ? pulled.image : event.reason === 'Failed' ? failedImage(event.message) : undefined;
  if (image === undefined) return [];
  return event.occurrences.map(({ at }) => ({ event, at, image, pulled: isPulled ? pulled : undefined }));
}

function tryOf(pulls: Pulls, ending: Ending, previous: Ending | undefined): WitnessedPhase {
  const { container, runs, evidence } = pulls;
  const sightings = [...pullingSightings(pulls, ending, previous), printedStart(ending, evidence)];
  return {
    name: 'image_pull',
    container,
    restart: restartAt(runs, container, ending.at),
    start: witness(...sightings),
    end: witness(eventSighting(ending.event, ending.at)),
    reported: ending.pulled?.took === undefined ? undefined : toSeconds(ending.pulled.took),
    attributes: attributesOf(pulls, ending),
  };
}

function attributesOf({ events }: Pulls, { image, pulled }: Ending): Readonly<Record<string, FactValue>> {
  if (pulled === undefined) {
    const backOff = events.some(
      (event) => event.reason === 'BackOff' && backOffImage(event.message) === image,
    );
    return { 'image.reference': image, error: true, ...(backOff ? { 'image.pull_backoff': true } : {}) };
  }
  const { took, waited, bytes } = pulled;
  const queued =
    took !== undefined && waited !== undefined && waited > took ? duration(waited - took) : undefined;
  return {
    'image.reference': image,
    ...(bytes === undefined ? {} : { 'image.size_bytes': bytes }),
    ...(took !== undefined && waited !== undefined
      ? { 'image.wait_seconds': toSeconds(queued ?? duration(0n)) }
      : {}),
  };
}

/** Pulling events that this try may have begun with: after the try before it, and not contradicted by the printed duration. */
function pullingSightings(pulls: Pulls, ending: Ending, previous: Ending | undefined): readonly Sighting[] {
  return pullings(pulls.events).flatMap(({ event, at, image }) => {
    const isInside =
      at.at <= ending.at.at && (previous === undefined || at.at + at.precision > previous.at.at);
    if (image !== ending.image || !isInside || !isOfTry(event, at, ending)) return [];
    return eventSighting(event, at) ?? [];
  });
}

/** Rounding of the message and the way to the event recorder: 8 µs to 1 ms seen on idle nodes, more under load. */
const AGREES = seconds(0.25);

function isOfTry(event: PodEvent, at: Moment, { at: end, pulled }: Ending): boolean {
  const took = pulled?.waited ?? pulled?.took;
  if (event.count === 1) return true;
  if (took === undefined) return event.count === event.occurrences.length || at.precision >= end.precision;
  const off = end.at - at.at - took;
  const slack = AGREES + at.precision + end.precision;
  return off <= slack && off >= -slack;
}

const pullings = (events: readonly PodEvent[]) =>
  events.flatMap((event) => {
    const image = event.reason === 'Pulling' ? pullingImage(event.message) : undefined;
    return image === undefined ? [] : event.occurrences.map(({ at }) => ({ event, at, image }));
  });

/** End minus what Pulled prints: "including waiting" from 1.25, before that the only number (which includes it). */
function printedStart({ event, at, pulled }: Ending, { pod }: PodEvidence): Sighting | undefined {
  const took = pulled?.waited ?? pulled?.took;
  if (took === undefined) return undefined;
  const start = before(at.at, took);
  // A forged duration may reach back to before there was a pod.
  if (pod?.created !== undefined && start < pod.created.at) return undefined;
  const precision = coarser(printedPrecision(took), at.precision);
  return { when: { at: start, precision }, proof: eventProof(event, 'pulled.took'), derived: true };
}

const coarser = (a: Duration, b: Duration): Duration => (byNumber(a, b) < 0 ? b : a);

/** Nanoseconds up to 1.27, cut to milliseconds since. */
const printedPrecision = (took: Duration): Duration =>
  took % MILLISECOND === 0n ? MILLISECOND : MICROSECOND;

/** The last Pulling that nothing ended. */
function underWay({ container, events, runs }: Pulls, endings: readonly Ending[]): readonly WitnessedPhase[] {
  const last = pullings(events)
    .sort((a, b) => (a.at.at < b.at.at ? -1 : 1))
    .at(-1);
  if (last === undefined || endings.some((ending) => ending.at.at >= last.at.at)) return [];
  const isOver = runs.some(
    (run) => run.container === container && (run.started?.when.at ?? 0n) >= last.at.at,
  );
  if (isOver) return [];
  const restart = restartAt(runs, container, last.at);
  const start = witness(eventSighting(last.event, last.at));
  const attributes = { 'image.reference': last.image };
  return [{ name: 'image_pull', container, restart, start, end: undefined, reported: undefined, attributes }];
}

/** "already present on machine": no time at all. Once per start of the container, and not after a pull of that start. */
function presents(pulls: Pulls, tries: readonly WitnessedPhase[]): readonly WitnessedPhase[] {
  const done = new Set(tries.filter((one) => one.attributes['error'] !== true).map((one) => one.restart));
  return pulls.events
    .flatMap((event) => event.occurrences.flatMap(({ at }) => presentAt(pulls, event, at)))
    .filter(({ restart }) => !done.has(restart) && done.add(restart));
}

function presentAt({ container, runs }: Pulls, event: PodEvent, at: Moment): readonly WitnessedPhase[] {
  const message = event.reason === 'Pulled' ? readPulled(event.message) : undefined;
  if (message?.kind !== 'present') return [];
  const moment = witness(eventSighting(event, at));
  const attributes = { 'image.reference': message.image, 'image.cached': true };
  const restart = restartAt(runs, container, at);
  return [
    { name: 'image_pull', container, restart, start: moment, end: moment, reported: undefined, attributes },
  ];
}

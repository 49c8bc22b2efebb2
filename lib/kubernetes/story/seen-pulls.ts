// Image pulls as the runtime wrote them down: beside what events tell, or instead of it.
//
// The kubelet's Pulling event is written before the kubelet's own queue, the
// runtime's PullImage line behind it: between them lies the waiting.

import { type Duration, duration, seconds, toSeconds } from '../../base/instant.ts';
import type { FactValue } from '../../model/mark.ts';
import type { ContainerRun, Witnessed, WitnessedPhase } from '../../model/pod-story.ts';
import { restartAt } from './container-runs.ts';
import type { PodEvidence } from './evidence.ts';
import { asSighting, type SightingOf, seenOf } from './sights.ts';
import { believed } from './witnesses.ts';

/** One fetch by the runtime. */
interface Fetch {
  readonly container: string;
  readonly image: string;
  readonly began: SightingOf<'pull_began'> | undefined;
  readonly ended: SightingOf<'pull_ended'> | undefined;
}

/** `told`: what events tell. The same pulls with the runtime as a further witness, and those that only the runtime saw. */
export function withSeenPulls(
  told: readonly WitnessedPhase[],
  evidence: PodEvidence,
  runs: readonly ContainerRun[],
): readonly WitnessedPhase[] {
  const fetches = fetchesOf(evidence);
  const offsets = offsetsOf(runs);
  const used = new Set<Fetch>();
  const known = told.map((pull) => {
    const found = offsets
      .flatMap((offset) => fetches.map((fetch) => ({ fetch, offset })))
      .find(({ fetch, offset }) => !used.has(fetch) && isOf(pull, fetch, offset));
    if (found === undefined) return pull;
    used.add(found.fetch);
    return withFetch(pull, found.fetch, found.offset);
  });
  return [...known, ...fetches.filter((one) => !used.has(one)).map((one) => pullOf(one, runs))];
}

/**
 * How far the runtime's clock is from that of the events: by nothing, else as far as both their words on one start of a
 * container are apart. That the clocks disagree is told by the conflict of those words (story/disagreements.ts).
 */
function offsetsOf(runs: readonly ContainerRun[]): readonly bigint[] {
  const apart = runs.flatMap(({ started }) => {
    const seen = started?.seen ?? [];
    const runtime = seen.find(({ proof }) => /^(?:containerd|crio)\./.test(proof.rule));
    const event = seen.find(({ proof }) => proof.rule === 'kubernetes.started');
    return runtime === undefined || event === undefined ? [] : [runtime.when.at - event.when.at];
  });
  return [0n, ...apart.filter((offset) => distance(offset, 0n) > SAME_END)];
}

/** Each end with the beginning right before it; a beginning that nothing ended is under way. */
function fetchesOf(evidence: PodEvidence): readonly Fetch[] {
  const begins = seenOf(evidence, 'pull_began');
  const ends = seenOf(evidence, 'pull_ended');
  const taken = new Set<SightingOf<'pull_began'>>();
  const whole = ends.map((ended): Fetch => {
    const { container, image } = ended.saw;
    const began = begins.findLast(
      (one) => !taken.has(one) && isSame(one.saw, ended.saw) && one.when.at <= ended.when.at,
    );
    if (began !== undefined) taken.add(began);
    return { container, image, began, ended };
  });
  const open = begins.filter((one) => !taken.has(one) && !ends.some((end) => isLaterOf(end, one)));
  return [
    ...whole,
    ...open.map((began) => ({
      container: began.saw.container,
      image: began.saw.image,
      began,
      ended: undefined,
    })),
  ];
}

interface Pulled {
  readonly container: string;
  readonly image: string;
}

const isSame = (a: Pulled, b: Pulled): boolean => a.container === b.container && a.image === b.image;

const isLaterOf = (end: SightingOf<'pull_ended'>, began: SightingOf<'pull_began'>): boolean =>
  isSame(end.saw, began.saw) && end.when.at >= began.when.at;

/** The Pulled event comes 1 to 25 ms after the runtime's own line, 239 ms at worst (recordings/kubernetes). */
const SAME_END: Duration = seconds(2);

/** An image that was there already has nothing to fetch, though policy Always asks the registry. */
function isOf(pull: WitnessedPhase, { container, image, began, ended }: Fetch, offset: bigint): boolean {
  if (pull.container !== container || pull.attributes['image.cached'] === true) return false;
  if (pull.attributes['image.reference'] !== image) return false;
  if (pull.end === undefined) return pull.start !== undefined && isAfter(began ?? ended, pull.start, offset);
  return ended !== undefined && distance(pull.end.when.at, ended.when.at - offset) <= SAME_END;
}

const isAfter = (
  one: SightingOf<'pull_began' | 'pull_ended'> | undefined,
  start: Witnessed,
  offset: bigint,
): boolean => one !== undefined && one.when.at - offset >= start.when.at;

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

function withFetch(pull: WitnessedPhase, { began, ended }: Fetch, offset: bigint): WitnessedPhase {
  const seen = ended && believed('pull_ended', asSighting(ended));
  // A pull that events leave open has not ended at an instant of another clock.
  const end = offset === 0n || pull.end !== undefined ? seen : undefined;
  return {
    ...pull,
    end: beside(pull.end, end),
    reported: pull.reported ?? ended?.saw.took,
    attributes: { ...pull.attributes, ...waited(pull, began, offset) },
  };
}

const beside = (taken: Witnessed | undefined, more: Witnessed | undefined): Witnessed | undefined =>
  taken === undefined || more === undefined
    ? (taken ?? more)
    : { ...taken, proofs: [...taken.proofs, ...more.proofs] };

/** Kubelets up to 1.24 do not print how long the pull waited for others. */
function waited(
  { start, attributes }: WitnessedPhase,
  began: Fetch['began'],
  offset: bigint,
): Readonly<Record<string, FactValue>> {
  if (attributes['image.wait_seconds'] !== undefined || start === undefined || began === undefined) return {};
  const wait = began.when.at - offset - start.when.at;
  return wait < 0n ? {} : { 'image.wait_seconds': toSeconds(duration(wait)) };
}

function pullOf({ container, image, began, ended }: Fetch, runs: readonly ContainerRun[]): WitnessedPhase {
  const at = ended ?? began;
  return {
    name: 'image_pull',
    container,
    restart: at === undefined ? 0 : restartAt(runs, container, at.when),
    start: began && believed('pull_began', asSighting(began)),
    end: ended && believed('pull_ended', asSighting(ended)),
    reported: ended?.saw.took,
    attributes: { 'image.reference': image, ...(ended?.saw.failed === true ? { error: true } : {}) },
  };
}

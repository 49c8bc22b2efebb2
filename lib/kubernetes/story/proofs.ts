// Turns events and fields of a pod into moments with their proof.

import { formatInstant } from '../../base/instant.ts';
import { redact } from '../../base/redact.ts';
import { byText, cut } from '../../base/text.ts';
import type { Moment, Proof } from '../../model/mark.ts';
import type { Witnessed } from '../../model/pod-story.ts';
import type { EventRecord } from '../objects/event-record.ts';
import type { PodRecord } from '../objects/pod-record.ts';

/** One thing that was seen, by one witness. */
export interface Sighting {
  readonly when: Moment;
  readonly proof: Proof;
  readonly derived?: true;
}

const TEXT = 300;

/** Source `event/<name>`, text `Reason: message`, rule `kubernetes.<reason>` unless told otherwise. */
export function eventProof(event: EventRecord, rule = event.reason.toLowerCase()): Proof {
  const text = cut(`${event.reason}: ${event.message}`, TEXT);
  return { source: `event/${event.name}`, text, rule: `kubernetes.${rule}` };
}

/** An event at its first moment, or at the one given. */
export function eventSighting(event: EventRecord, when = event.first): Sighting | undefined {
  return when === undefined ? undefined : { when, proof: eventProof(event) };
}

export interface FieldOfPod {
  /** Path in the object: `status.startTime`. */
  readonly field: string;
  readonly when: Moment | undefined;
  readonly rule: string;
  /** What the field says beside the time. */
  readonly says?: string | undefined;
}

/** Source `pod/<namespace>/<name>`, text `<field>: <time> <what it says>`. */
export function podSighting(pod: PodRecord, { field, when, rule, says }: FieldOfPod): Sighting | undefined {
  if (when === undefined) return undefined;
  const text = [`${field}: ${shortTime(when)}`, says ?? ''].join(' ').trim();
  return {
    when,
    proof: { source: podSource(pod), text: cut(redact(text), TEXT), rule: `kubernetes.${rule}` },
  };
}

export const podSource = (pod: PodRecord): string => `pod/${pod.namespace ?? ''}/${pod.name ?? pod.uid}`;

/** As the API server writes it: no fraction for whole seconds. */
const shortTime = (when: Moment): string => formatInstant(when.at).replace(/\.?0{0,9}Z$/, 'Z');

/**
 * The most precise witness is believed, the earliest of equally precise ones;
 * the others stand beside it. Undefined without any witness.
 */
export function witness(...sightings: readonly (Sighting | undefined)[]): Witnessed | undefined {
  const seen = sightings.filter((sighting) => sighting !== undefined).sort(byWorth);
  const [best] = seen;
  if (best === undefined) return undefined;
  const proofs = unique(seen.map((sighting) => sighting.proof));
  return { when: best.when, proofs, ...(best.derived ? { derived: true } : {}) };
}

function byWorth(a: Sighting, b: Sighting): number {
  return byNumber(a.when.precision, b.when.precision) || byTime(a, b) || byText(a.proof.text, b.proof.text);
}

export const byTime = (a: Sighting, b: Sighting): number => byNumber(a.when.at, b.when.at);

export const byNumber = (a: bigint | number, b: bigint | number): number => (a < b ? -1 : a > b ? 1 : 0);

function unique(proofs: readonly Proof[]): readonly Proof[] {
  const seen = new Map(proofs.map((proof) => [`${proof.source}\0${proof.text}`, proof]));
  return [...seen.values()];
}

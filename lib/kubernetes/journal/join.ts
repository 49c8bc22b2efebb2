// From what the lines of all journals say to what was seen of each pod.
//
// Pure, and a function of the set of records: their order, repetition and
// splitting over files change nothing, as long as the envelope names the host
// (a bare file is one node, or part of one: nodes.ts).

import { byText } from '../../base/text.ts';
import type { JournalRecord } from '../objects/journal-record.ts';
import type { SightingRecord } from '../objects/sighting.ts';
import { claimantOf, groundOf } from './claims.ts';
import { containerSightings } from './container-sightings.ts';
import { evidenceOf } from './evidence.ts';
import { podSightings } from './pod-sightings.ts';
import { pullSightings } from './pull-sightings.ts';
import { pullsOf } from './pulls.ts';
import { runtimeOf } from './runtime.ts';
import { type WantedImage, wishesOf } from './wanted-images.ts';

export interface Joined {
  /** In time order; each sight once. */
  readonly sightings: readonly SightingRecord[];
  /** What could not be told of anybody, by name, for the tally. */
  readonly lost: Readonly<Record<string, number>>;
}

/** `known`: which container wants which image, where pod objects tell; without it fewer pulls find their pod. */
export function joinJournal(records: readonly JournalRecord[], known: readonly WantedImage[] = []): Joined {
  const evidence = evidenceOf(records);
  const runtime = runtimeOf(evidence);
  const { pulls, confused } = pullsOf(evidence);
  const ground = groundOf(evidence, runtime, wishesOf(known, evidence));
  const placed = pulls.map((pull) => ({ pull, claim: claimantOf(pull, ground) }));
  const containers = containerSightings(evidence, runtime);
  const sightings = [
    ...podSightings(evidence),
    ...containers.sightings,
    ...placed.flatMap(({ pull, claim }) => pullSightings(pull, claim)),
  ];
  return {
    sightings: eachOnce(sightings),
    lost: {
      'journal.pulls_of_nobody': placed.filter(({ claim }) => claim?.pod === undefined).length,
      'journal.pulls_confused': confused,
      'journal.containers_of_nobody': containers.lost,
    },
  };
}

/** What the records of all files saw. */
export const journalSightings = (
  records: readonly JournalRecord[],
  known: readonly WantedImage[] = [],
): readonly SightingRecord[] => joinJournal(records, known).sightings;

/** Two wordings may tell one exit, two files may hold one line. */
function eachOnce(sightings: readonly SightingRecord[]): readonly SightingRecord[] {
  const found = new Map<string, { readonly sighting: SightingRecord; readonly proof: string }>();
  for (const sighting of sightings) {
    const key = keyOf(sighting);
    const proof = proofOf(sighting);
    const known = found.get(key);
    if (known === undefined || proof < known.proof) found.set(key, { sighting, proof });
  }
  return [...found].sort(([a], [b]) => byText(a, b)).map(([, { sighting }]) => sighting);
}

/** Time first: all instants of this century have 19 digits. */
const keyOf = ({ pod, saw, when }: SightingRecord): string =>
  `${String(when.at).padStart(20, '0')} ${JSON.stringify([pod.namespace, pod.name, pod.uid, saw])}`;

/** A host that is known comes first. */
const proofOf = ({ node, proof: { rule, source, line = 0, text } }: SightingRecord): string =>
  [node === undefined ? 1 : 0, node, rule, source, String(line).padStart(12, '0'), text].join(' ');

// Which witness of a border is believed: the one that stands closest to the fact.
//
// Several write down the same thing, each at its own moment: containerd when the
// container runs, the kubelet a millisecond later in an event, the API server when
// the status arrives, the status itself cut to the second. All are kept; the order
// below was measured in recordings/kubernetes against one clock.

import { SECOND } from '../../base/instant.ts';
import { byText } from '../../base/text.ts';
import type { Proof } from '../../model/mark.ts';
import type { Witnessed } from '../../model/pod-story.ts';
import { byNumber, byTime, type Sighting } from './proofs.ts';

export type Border =
  | 'created'
  | 'scheduled'
  | 'accepted'
  | 'sandbox_ready'
  | 'pull_began'
  | 'pull_ended'
  | 'started'
  | 'finished'
  | 'ready'
  | 'deleted';

/** Beginnings of rule names, the most direct witness first. */
const ORDER: Readonly<Record<Border, readonly string[]>> = {
  created: ['audit.', 'watch', 'kubernetes.created'],
  scheduled: ['audit.', 'kubernetes.scheduled', 'watch', 'kubernetes.condition'],
  accepted: ['kubelet.', 'kubernetes.status'],
  sandbox_ready: ['containerd.', 'crio.', 'kubelet.', 'audit.', 'watch', 'kubernetes.condition'],
  pull_began: ['kubernetes.pulling', 'kubernetes.pulled', 'containerd.', 'crio.', 'kubelet.'],
  pull_ended: ['kubernetes.', 'containerd.', 'crio.', 'kubelet.'],
  started: ['containerd.', 'crio.', 'kubernetes.started', 'kubelet.', 'audit.', 'watch', 'kubernetes.status'],
  finished: ['containerd.', 'crio.', 'kubelet.', 'audit.', 'watch', 'kubernetes.status'],
  ready: ['kubelet.', 'audit.', 'watch', 'kubernetes.condition'],
  deleted: ['audit.', 'kubelet.', 'watch', 'kubernetes.'],
};

/**
 * The best of several witnesses of one border, with all their proofs, best first;
 * undefined without any. A whole second is believed only when nobody saw it finer.
 */
export function believed(
  border: Border,
  ...sightings: readonly (Sighting | undefined)[]
): Witnessed | undefined {
  const seen = ranked(border, sightings);
  const [best] = seen;
  if (best === undefined) return undefined;
  const proofs = new Map<string, Proof>(
    seen.map(({ proof }) => [`${proof.source}\0${proof.line ?? ''}\0${proof.text}`, proof]),
  );
  const words = seen.map(({ when, proof }) => ({ when, proof }));
  return {
    when: best.when,
    proofs: [...proofs.values()],
    seen: words,
    ...(best.derived ? { derived: true } : {}),
  };
}

/** Best first, in an order that does not depend on how they came. */
export function ranked(border: Border, sightings: readonly (Sighting | undefined)[]): readonly Sighting[] {
  const rank = (sighting: Sighting): number => rankOf(border, sighting);
  return sightings
    .filter((sighting) => sighting !== undefined)
    .sort((a, b) => rank(a) - rank(b) || byPrecision(a, b) || byTime(a, b) || byProof(a.proof, b.proof));
}

function rankOf(border: Border, { when, proof, derived }: Sighting): number {
  const order = ORDER[border];
  const place = order.findIndex((prefix) => proof.rule.startsWith(prefix));
  const direct = place === -1 ? order.length : place;
  const isLate = LATE[border]?.test(proof.rule) === true;
  return direct + (derived ? 50 : 0) + (when.precision >= SECOND ? 100 : 0) + (isLate ? 200 : 0);
}

/**
 * Who only hears of it by asking, however fine their clock: the kubelet looks at its
 * containers once a second (12 status patches were 0.78 s late in the median).
 */
const LATE: Readonly<Partial<Record<Border, RegExp>>> = { finished: /^(?:kubelet|audit|watch)/ };

const byPrecision = (a: Sighting, b: Sighting): number => byNumber(a.when.precision, b.when.precision);

const byProof = (a: Proof, b: Proof): number =>
  byText(a.source, b.source) || (a.line ?? 0) - (b.line ?? 0) || byText(a.text, b.text);

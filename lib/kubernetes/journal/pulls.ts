// The pulls of a node: which answer belongs to which request.
//
// "PullImage X" and "PullImage X returns …" carry no id. Pulls of different
// images cannot be mistaken for each other; two pulls of one image that overlap
// can, and then only the printed length tells them apart. What stays open is no pull.

import { before, type Instant, seconds } from '../../base/instant.ts';
import { byText } from '../../base/text.ts';
import { sameImage } from '../../model/image-name.ts';
import { groupedBy } from '../objects/grouped.ts';
import type { Fact, JournalEvidence, Of } from './evidence.ts';

type PullFact = Fact<Of<'pull'>>;

export interface Pull {
  readonly image: string;
  readonly node: string;
  readonly asked: PullFact | undefined;
  readonly ended: PullFact | undefined;
  readonly failed: boolean;
  /** Seconds that the runtime measured. */
  readonly took: number | undefined;
  /** At least so many bytes were moved; undefined when nothing is known. */
  readonly bytes: number | undefined;
}

export interface Pulls {
  readonly pulls: readonly Pull[];
  /** Requests and answers that could not be told apart. */
  readonly confused: number;
}

export function pullsOf(evidence: JournalEvidence): Pulls {
  const groups = groupedBy(evidence.of('pull'), ({ node, says }) => `${node} ${says.image}`);
  const lengths = groupedBy(evidence.of('pulled'), ({ node, says }) => `${node} ${says.image}`);
  const moved = groupedBy(evidence.of('moved'), ({ node }) => node);
  const told = [...groups]
    .sort(([a], [b]) => byText(a, b))
    .map(([key, facts]) => paired(facts, lengths.get(key) ?? []));
  return {
    pulls: told.flatMap(({ pulls }) => pulls.map((pull) => withBytes(pull, pulls, moved))),
    confused: told.reduce((sum, { confused }) => sum + confused, 0),
  };
}

/** One image of one node, in time order. */
function paired(facts: readonly PullFact[], lengths: readonly Fact<Of<'pulled'>>[]): Pulls {
  const pulls: Pull[] = [];
  let open: readonly PullFact[] = [];
  let confused = 0;
  for (const fact of facts) {
    if (fact.says.what === 'asked') {
      open = [...open, fact];
      continue;
    }
    const took = lengthOf(fact, lengths);
    const asked = requestOf(open, fact, took);
    if (asked === undefined) confused += open.length;
    pulls.push(pullOf(asked, fact, took));
    open = asked === undefined ? [] : open.filter((other) => other !== asked);
  }
  return { pulls: [...pulls, ...open.map((asked) => pullOf(asked, undefined, undefined))], confused };
}

/** The only open one; of several the one that is as long ago as the printed length says. */
function requestOf(
  open: readonly PullFact[],
  ended: PullFact,
  took: number | undefined,
): PullFact | undefined {
  if (open.length <= 1) return open[0];
  if (took === undefined) return undefined;
  const began = before(ended.when.at, seconds(took));
  const near = open.filter(({ when }) => distance(when.at, began) <= NEAR);
  return near.length === 1 ? near[0] : undefined;
}

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

/** The runtime starts its watch some microseconds after it has logged the request, and logs the answer as soon after. */
const NEAR = 20_000_000n;

/** "Pulled image … in 3.2s" stands right in front of the answer. */
function lengthOf({ says, when }: PullFact, lengths: readonly Fact<Of<'pulled'>>[]): number | undefined {
  if (says.what !== 'returned') return undefined;
  const last = lengths.findLast((fact) => fact.when.at <= when.at);
  return last === undefined || when.at - last.when.at > NEAR ? undefined : last.says.took;
}

function pullOf(asked: PullFact | undefined, ended: PullFact | undefined, took: number | undefined): Pull {
  const known = asked ?? ended;
  return {
    image: known?.says.image ?? '',
    node: known?.node ?? '',
    asked,
    ended,
    failed: ended?.says.what === 'failed',
    took,
    bytes: undefined,
  };
}

/** When it was under way: from the request, else from what the printed length says. */
export function spanOf({
  asked,
  ended,
  took,
}: Pull): { readonly from: Instant; readonly to: Instant } | undefined {
  const to = ended?.when.at;
  if (to === undefined) return undefined;
  const from = asked?.when.at ?? (took === undefined ? to : before(to, seconds(took)));
  return { from, to };
}

/** Only where no other pull of the image was under way: the progress names the image alone. */
function withBytes(
  pull: Pull,
  others: readonly Pull[],
  moved: ReadonlyMap<string, readonly Fact<Of<'moved'>>[]>,
): Pull {
  const span = spanOf(pull);
  if (span === undefined || pull.asked === undefined) return pull;
  const isShared = others.some((other) => other !== pull && overlaps(other, span));
  const ticks = isShared ? [] : (moved.get(pull.node) ?? []);
  const bytes = Math.max(
    0,
    ...ticks.filter((tick) => isWithin(tick, pull, span)).map(({ says }) => says.bytes),
  );
  return bytes > 0 ? { ...pull, bytes } : pull;
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

function overlaps(other: Pull, { from, to }: Span): boolean {
  const began = other.asked?.when.at ?? spanOf(other)?.from ?? from;
  const ended = other.ended?.when.at ?? to;
  return began <= to && ended >= from;
}

/** The runtime prints the whole name here: docker.io/library/nginx:latest for nginx. */
const isWithin = ({ says, when }: Fact<Of<'moved'>>, { image }: Pull, { from, to }: Span): boolean =>
  when.at >= from && when.at <= to && sameImage(says.image, image);

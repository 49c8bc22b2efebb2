// For which container a pull was: the lines of the runtime do not say.
//
// The kubelet works on one container of a pod after the other: sandbox, pull,
// create, start. So a pull was for a container that was created after it, in a
// sandbox that was ready before it, in which nothing else was created or started
// meanwhile. Where several pods fit, only the image that each is known to want
// may decide; where nothing decides, the pull is nobody's, and counted.

import type { Instant } from '../../base/instant.ts';
import { groupedBy } from '../objects/grouped.ts';
import type { PodReference } from '../objects/sighting.ts';
import type { JournalEvidence } from './evidence.ts';
import { type Pull, spanOf } from './pulls.ts';
import type { Runtime, Sandbox } from './runtime.ts';
import { samePod, type WantedImage, type Wishes } from './wanted-images.ts';

export interface Claim {
  /** Undefined when the sandbox is older than the journal: then nobody can have it. */
  readonly pod: PodReference | undefined;
  readonly container: string;
}

/** A container as the pull of its image sees it. */
interface Turn {
  readonly sandbox: string;
  readonly container: string;
  readonly attempt: number;
  /** Asked for: the image was there. */
  readonly created: Instant;
  /** The last that is known of it before it ran. */
  readonly started: Instant;
  readonly exited: Instant | undefined;
}

export interface Ground {
  readonly runtime: Runtime;
  readonly wishes: Wishes;
  readonly sandboxes: readonly Sandbox[];
  /** By sandbox, in time order. */
  readonly turns: ReadonlyMap<string, readonly Turn[]>;
  readonly nodeOf: ReadonlyMap<string, string>;
}

export function groundOf(evidence: JournalEvidence, runtime: Runtime, wishes: Wishes): Ground {
  const turns = groupedBy(turnsOf(evidence), ({ sandbox }) => sandbox);
  const nodeOf = new Map(evidence.of('create').map(({ says, node }) => [says.sandbox, node]));
  return { runtime, wishes, sandboxes: [...runtime.sandboxes.values()], turns, nodeOf };
}

function turnsOf(evidence: JournalEvidence): readonly Turn[] {
  const starts = new Map(evidence.of('started').map(({ says, when }) => [says.id, when.at]));
  const exits = new Map(evidence.of('exited').map(({ says, when }) => [says.id, when.at]));
  const tries = groupedBy(evidence.of('create'), ({ says: { sandbox, container, attempt } }) =>
    [sandbox, container, attempt].join(' '),
  );
  const turns = [...tries.values()].flatMap((facts) => {
    const [first] = facts;
    const last = facts.at(-1);
    if (first === undefined || last === undefined) return [];
    const { sandbox, container, attempt } = first.says;
    const id = last.says.id ?? '';
    const started = starts.get(id) ?? last.when.at;
    return [{ sandbox, container, attempt, created: first.when.at, started, exited: exits.get(id) }];
  });
  return turns.sort((a, b) => Number(a.created - b.created));
}

/** Who the pull was for; undefined when that is not certain. */
export function claimantOf(pull: Pull, ground: Ground): Claim | undefined {
  const span = spanOf(pull);
  if (span === undefined) return undefined;
  const asked: Question = { pull, span, ground };
  const fitting = pull.failed ? [] : fittingTurns(asked);
  const matching = fitting.filter(({ claim }) => wants(ground, claim, pull) === true);
  if (matching.length > 0) return matching.length === 1 ? matching[0]?.claim : undefined;
  const wishing = waitingWishes(asked);
  if (wishing.length > 0) return wishing.length === 1 ? wishing[0] : undefined;
  return pull.failed ? undefined : onlyOne(fitting, asked);
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

interface Question {
  readonly pull: Pull;
  readonly span: Span;
  readonly ground: Ground;
}

interface Fitting {
  readonly claim: Claim;
  readonly turn: Turn;
}

const wants = ({ wishes }: Ground, { pod, container }: Claim, { image }: Pull): boolean | undefined =>
  pod === undefined ? undefined : wishes.wants(pod, container, image);

/** In each sandbox of the node the next container to be created, if the pull fits in front of it. */
function fittingTurns({ pull, span, ground }: Question): readonly Fitting[] {
  return [...ground.turns].flatMap(([id, turns]) => {
    if (ground.nodeOf.get(id) !== pull.node) return [];
    const index = turns.findIndex(({ created }) => created >= span.to);
    const turn = turns[index];
    const sandbox = ground.runtime.sandboxes.get(id);
    if (turn === undefined || (sandbox !== undefined && sandbox.ready.at > span.from)) return [];
    const isFree = turns.slice(0, index).every((earlier) => isOver(earlier, turn, span.from));
    return isFree ? [{ claim: { pod: sandbox?.pod, container: turn.container }, turn }] : [];
  });
}

/** The kubelet had started the earlier one; an earlier run of the same container had ended. */
const isOver = (earlier: Turn, turn: Turn, at: Instant): boolean =>
  earlier.started <= at &&
  (earlier.container !== turn.container || earlier.exited === undefined || earlier.exited <= at);

/** Containers known to want the image, in a sandbox that is ready, that do not run: they may never be created. */
function waitingWishes(asked: Question): readonly Claim[] {
  const { pull, ground } = asked;
  return ground.wishes
    .of(pull.image)
    .flatMap((wish) => (isWaiting(wish, asked) ? [claimOf(wish, pull, ground)] : []));
}

function isWaiting(wish: WantedImage, { pull, span: { from }, ground }: Question): boolean {
  const sandbox = sandboxOf(wish, pull, ground);
  if (sandbox === undefined || sandbox.ready.at > from) return false;
  const own = (ground.turns.get(sandbox.id) ?? []).filter(({ container }) => container === wish.container);
  return own.every(({ created, exited }) => created >= from || (exited !== undefined && exited <= from));
}

/** The pod's latest sandbox on the node. */
const sandboxOf = ({ pod }: WantedImage, { node }: Pull, { sandboxes }: Ground): Sandbox | undefined =>
  sandboxes.findLast((sandbox) => sandbox.node === node && samePod(sandbox.pod, pod));

/** As the runtime names the pod: it always knows the uid. */
const claimOf = (wish: WantedImage, pull: Pull, ground: Ground): Claim => ({
  pod: sandboxOf(wish, pull, ground)?.pod ?? wish.pod,
  container: wish.container,
});

/**
 * Without a word about images: the only container that fits, if it is its first
 * run (a later one has its image, unless the policy is Always), if no other pod
 * waits in a sandbox of its own without ever having made a container, and if no
 * container is known to want this image.
 */
function onlyOne(fitting: readonly Fitting[], { pull, span, ground }: Question): Claim | undefined {
  const open = fitting.filter(({ claim }) => wants(ground, claim, pull) !== false);
  const [only] = open;
  if (only === undefined || open.length > 1 || only.turn.attempt > 0) return undefined;
  const isWanted = ground.wishes.of(pull.image).length > 0;
  const isContested = ground.sandboxes.some(
    ({ id, node, ready }) => node === pull.node && ready.at <= span.to && !ground.turns.has(id),
  );
  return isWanted || isContested ? undefined : only.claim;
}

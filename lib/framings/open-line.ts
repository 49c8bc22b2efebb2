// Opening a line: the envelope, and the envelopes inside it.
//
// The outer envelope is the trusted one, so whose line it is comes from there.
// What is inside was perhaps printed by a container: it fills holes of the same
// pod's identity, and what it says of another pod is kept as a claim, no more.
// The time comes from inside when that is at least as fine: CloudWatch stamps
// milliseconds around a CRI header with nanoseconds.

import type { Framed, Stamp } from '../model/line.ts';
import type { Identity } from '../model/log-run.ts';
import type { Framing } from './contract.ts';
import { mergeIdentities, namesAnother, namesWriter } from './identities.ts';
import { framings } from './index.ts';

/** Envelopes deeper than this are text. */
const DEPTH = 3;

export interface OpenedLine {
  /** The outermost envelope: a good hint for the next line. Undefined for a bare line. */
  readonly framing: Framing | undefined;
  /** Empty when the envelope holds no line (a CloudWatch control message). */
  readonly framed: readonly Framed[];
}

/** `raw` has no line end. The hint is tried first. A line in no framing is its own text, on stream ''. */
export function openLine(raw: string, hint?: Framing): OpenedLine {
  const opened = openOnce(raw, hint);
  if (opened === undefined)
    return { framing: undefined, framed: [{ text: raw, stream: '', partial: false }] };
  return { framing: opened.framing, framed: opened.framed.flatMap((framed) => reopen(framed, DEPTH - 1)) };
}

/**
 * Opens what is inside, up to `levels` deep. A part of a line stays as it is: call
 * this again once it has been joined. A text of several lines is only split when
 * one of them has an envelope of its own (Fluent Bit's multiline records).
 */
export function reopen(outer: Framed, levels: number = DEPTH - 1): readonly Framed[] {
  if (levels <= 0 || outer.partial || outer.header !== undefined) return [outer];
  const lines = outer.text.includes('\n') ? outer.text.split('\n') : [outer.text];
  const opened = lines.map((line) => openOnce(line)?.framed);
  if (opened.every((inner) => inner === undefined)) return [outer];
  return lines.flatMap((line, index) =>
    within(outer, opened[index] ?? [{ text: line, stream: '', partial: false }], levels),
  );
}

const within = (outer: Framed, inner: readonly Framed[], levels: number): readonly Framed[] =>
  inner.flatMap((framed) => reopen(nested(outer, framed), levels - 1));

interface Opened {
  readonly framing: Framing;
  readonly framed: readonly Framed[];
}

function openOnce(raw: string, hint?: Framing): Opened | undefined {
  const hinted = hint?.open(raw);
  if (hint !== undefined && hinted !== undefined) return { framing: hint, framed: hinted };
  for (const framing of framings) {
    const framed = framing === hint ? undefined : framing.open(raw);
    if (framed !== undefined) return { framing, framed };
  }
  return undefined;
}

/** The inner line as seen from outside. */
function nested(outer: Framed, inner: Framed): Framed {
  const stamp = betterStamp(outer.stamp, inner.stamp);
  const whose = whoseLine(outer, inner);
  return {
    text: inner.text,
    stream: inner.stream === '' ? outer.stream : inner.stream,
    partial: inner.partial,
    ...(stamp === undefined ? {} : { stamp }),
    ...(inner.header === undefined ? {} : { header: inner.header }),
    ...whose,
  };
}

type Whose = Pick<Framed, 'identity' | 'ofNode' | 'printed' | 'claims'>;

function whoseLine(outer: Framed, inner: Framed): Whose {
  const { identity, claims = claimOf(outer, inner) ?? inner.claims } = outer;
  const fills = outer.printed !== true && claims === undefined;
  const { ofNode, printed } = identity !== undefined && namesWriter(identity) ? outer : inner;
  const whose = fills ? mergeIdentities(identity, inner.identity) : identity;
  return {
    ...(whose === undefined ? {} : { identity: whose }),
    ...(ofNode === undefined ? {} : { ofNode }),
    ...(printed === undefined ? {} : { printed }),
    ...(claims === undefined ? {} : { claims }),
  };
}

/** Whom the inner envelope names, when the outer one names somebody else. */
const claimOf = ({ identity: outer }: Framed, { identity: inner }: Framed): Identity | undefined =>
  outer !== undefined && inner !== undefined && namesAnother(outer, inner) ? inner : undefined;

/** The inner one when it names its zone and is at least as fine; anything is better than nothing. */
function betterStamp(outer: Stamp | undefined, inner: Stamp | undefined): Stamp | undefined {
  if (outer === undefined || inner === undefined) return outer ?? inner;
  if (!inner.zoned) return outer;
  return !outer.zoned || inner.precision <= outer.precision ? inner : outer;
}

// Lines that a runtime cut into parts, whole again.
//
// containerd cuts at 16 KiB: `P` parts, then `F`. The two streams of a container
// have separate readers, so their parts interleave and are kept apart here. The
// line's time and number are those of its last part: the newline came then. A
// `P` at the end of the file has no `F`: the program died before its newline.

import type { Framed } from '../model/line.ts';
import type { Identity } from '../model/log-run.ts';
import { reopen } from './open-line.ts';

/** A joined line may have this many characters; what is beyond is dropped. */
export const JOINED_LIMIT = 1 << 20;

export interface Whole {
  /** `partial` is false. */
  readonly framed: Framed;
  /** Number of the line that held its last part. */
  readonly line: number;
  /** True when it was longer than the limit, and cut. */
  readonly cut: boolean;
  /** How many parts were joined; 1 for a line that was never cut. */
  readonly parts: number;
}

export interface PartialJoiner {
  /** Empty while more is to come; else the one line, or the lines when an envelope came whole by joining. */
  readonly add: (framed: Framed, line: number) => readonly Whole[];
  /** What never got its end, in line order; the joiner is empty afterwards. */
  readonly flush: () => readonly Whole[];
}

interface Open {
  readonly texts: string[];
  length: number;
  cut: boolean;
  parts: number;
  last: Framed;
  line: number;
}

export function joinPartials(limit: number = JOINED_LIMIT): PartialJoiner {
  const open = new Map<string, Open>();
  return {
    add: (framed, line) => {
      const key = open.size > 0 || framed.partial ? keyOf(framed) : '';
      const before = open.get(key);
      if (before === undefined && !framed.partial) return [neverCut(framed, line, limit)];
      const joined = append(before, framed, line, limit);
      if (framed.partial) open.set(key, joined);
      else open.delete(key);
      return framed.partial ? [] : finish(joined);
    },
    flush: () => {
      const left = [...open.values()].sort((a, b) => a.line - b.line).flatMap(finish);
      open.clear();
      return left;
    },
  };
}

function neverCut(framed: Framed, line: number, limit: number): Whole {
  const cut = framed.text.length > limit;
  return { framed: cut ? { ...framed, text: framed.text.slice(0, limit) } : framed, line, cut, parts: 1 };
}

/** One buffer per container run and stream. NUL occurs in no part. */
const keyOf = ({ identity, stream }: Framed): string => [...identityParts(identity ?? {}), stream].join('\0');

const identityParts = ({ uid, namespace, pod, container, restart, node }: Identity): readonly string[] => [
  uid ?? '',
  namespace ?? '',
  pod ?? '',
  container ?? '',
  String(restart ?? ''),
  node ?? '',
];

function append(before: Open | undefined, framed: Framed, line: number, limit: number): Open {
  const joined = before ?? { texts: [], length: 0, cut: false, parts: 0, last: framed, line };
  const room = limit - joined.length;
  const text = framed.text.length > room ? framed.text.slice(0, room) : framed.text;
  joined.texts.push(text);
  joined.length += text.length;
  joined.cut ||= text.length < framed.text.length;
  joined.parts += 1;
  joined.last = framed;
  joined.line = line;
  return joined;
}

/** The parts of an envelope inside the envelope could not be opened one by one. */
function finish({ texts, last, line, cut, parts }: Open): readonly Whole[] {
  const joined: Framed = { ...last, text: texts.join(''), partial: false };
  return reopen(joined).map((framed) => ({ framed: { ...framed, partial: false }, line, cut, parts }));
}

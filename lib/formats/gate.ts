// The gate: whether a line can say anything at all, decided on bytes.
//
// A log is mostly not about the start: access lines and engine statistics by
// the gigabyte. The source file in the record's own header, or uvicorn's level,
// chooses the few literals that could stand there; when none does, the line
// never becomes a string. The gate only turns away what is surely without
// meaning: a line it does not understand goes on to the full reading.

import type { Rule } from './contract.ts';

/** What the gate says of a line. */
export const PASS = 0;
/** Nothing to read, but the header has the program's clock. */
export const BORING_TIMED = 1;
/** Nothing to read, and no clock. */
export const BORING = 2;

export type Verdict = typeof PASS | typeof BORING_TIMED | typeof BORING;

export type Gate = (bytes: Uint8Array, start: number, end: number) => Verdict;

const SPACE = 32;
const OPEN = 40;
const CLOSE = 41;
const DASH = 45;
const SLASH = 47;
const COLON = 58;
const BRACKET = 91;
const BRACKET_END = 93;

/** Longer process prefixes or paths are left to the full reading. */
const REACH = 120;

/** A rule's needle stands at most this far behind its literal. */
const NEEDLE_REACH = 16;

/** Rules for any file only speak at level ERROR, which the gate lets pass anyway. */
export function gateOf(rules: readonly Rule[]): Gate {
  const byFile = openingsByFile(rules);
  const access = openingsOf(rules.filter(({ literal }) => literal.startsWith(UVICORN)).map(afterLevel));
  return (bytes, start, end) => {
    const at = afterPrefixes(bytes, start, end);
    const level = levelEnd(bytes, at);
    if (level > 0) return headerVerdict(byFile, bytes, level, end);
    return isAccess(bytes, at) && !opensAny(access, bytes, at + UVICORN.length, end) ? BORING : PASS;
  };
}

/** How uvicorn's own records and its access lines begin. */
const UVICORN = 'INFO:     ';

const afterLevel = ({ literal }: Rule): Opening => ({
  literal: encode(literal.slice(UVICORN.length)),
  needle: NOTHING,
});

/** What a message that a rule speaks for begins with, and what else it holds. */
interface Opening {
  readonly literal: Uint8Array;
  readonly needle: Uint8Array;
}

/** `first`: 1 for every byte that some literal begins with. */
interface Openings {
  readonly first: Uint8Array;
  readonly all: readonly Opening[];
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const ACCESS = encode(UVICORN);

const NOTHING = encode('');

function openingsOf(all: readonly Opening[]): Openings {
  const first = new Uint8Array(256);
  for (const { literal } of all) first[literal[0] ?? 0] = 1;
  return { first, all };
}

function openingsByFile(rules: readonly Rule[]): ReadonlyMap<number, Openings> {
  const found = new Map<number, Opening[]>();
  for (const { files, literal, needle = '' } of rules) {
    for (const file of files) {
      const bytes = encode(file);
      const key = hashOf(bytes, 0, bytes.length);
      found.set(key, [...(found.get(key) ?? []), { literal: encode(literal), needle: encode(needle) }]);
    }
  }
  return new Map([...found].map(([key, all]) => [key, openingsOf(all)]));
}

/** FNV-1a; two file names with one hash only share their literals, which lets more pass, never less. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash;
}

/** Behind `(EngineCore pid=7) (Worker_TP0 pid=9) `. */
function afterPrefixes(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (bytes[at] === OPEN) {
    const limit = Math.min(end, at + REACH);
    let close = at + 1;
    while (close < limit && bytes[close] !== CLOSE) close += 1;
    if (bytes[close] !== CLOSE || bytes[close + 1] !== SPACE) return at;
    at = close + 2;
  }
  return at;
}

/** Behind `INFO ` or `WARNING ` or `DEBUG `; 0 when the line does not begin so. Errors are for the full reading. */
function levelEnd(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case 73: // I
      return bytes[at + 4] === SPACE && bytes[at + 3] === 79 && bytes[at + 1] === 78 ? at + 5 : 0;
    case 87: // W
      return bytes[at + 7] === SPACE && bytes[at + 6] === 71 && bytes[at + 1] === 65 ? at + 8 : 0;
    case 68: // D
      return bytes[at + 5] === SPACE && bytes[at + 4] === 71 && bytes[at + 1] === 69 ? at + 6 : 0;
    default:
      return 0;
  }
}

/** `at` is where the date should stand: `11-22 01:44:03 [core.py:61] message`. */
function headerVerdict(
  byFile: ReadonlyMap<number, Openings>,
  bytes: Uint8Array,
  at: number,
  end: number,
): Verdict {
  if (bytes[at + 2] !== DASH || bytes[at + 8] !== COLON || bytes[at + 11] !== COLON) return PASS;
  const blank = blankAfter(bytes, at + 14, end);
  if (blank < 0) return PASS;
  const name = bytes[blank + 1] === BRACKET ? blank + 2 : blank + 1;
  return fileVerdict(byFile, bytes, name, end);
}

/** The blank that ends the time of day, behind milliseconds if there are any. */
function blankAfter(bytes: Uint8Array, at: number, end: number): number {
  const limit = Math.min(end, at + 10);
  for (let here = at; here < limit; here += 1) if (bytes[here] === SPACE) return here;
  return -1;
}

function fileVerdict(
  byFile: ReadonlyMap<number, Openings>,
  bytes: Uint8Array,
  name: number,
  end: number,
): Verdict {
  const limit = Math.min(end, name + REACH);
  let base = name;
  let colon = name;
  while (colon < limit && bytes[colon] !== COLON && bytes[colon] !== SPACE) {
    if (bytes[colon] === SLASH) base = colon + 1;
    colon += 1;
  }
  if (bytes[colon] !== COLON) return PASS;
  const openings = byFile.get(hashOf(bytes, base, colon));
  if (openings === undefined) return BORING_TIMED;
  const message = messageStart(bytes, colon + 1, limit);
  if (message < 0) return PASS;
  const speaks = opensAny(openings, bytes, message, end) || opensBehindTag(openings, bytes, message, end);
  return speaks ? PASS : BORING_TIMED;
}

/** A message that opens with a bracket may carry a tag: `[backbone] torch.compile took …`. */
function opensBehindTag(openings: Openings, bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== BRACKET) return false;
  const behind = messageStart(bytes, at, Math.min(end, at + REACH));
  return behind >= 0 && opensAny(openings, bytes, behind, end);
}

function messageStart(bytes: Uint8Array, at: number, limit: number): number {
  let here = at;
  while (here < limit && bytes[here] !== BRACKET_END) here += 1;
  return bytes[here] === BRACKET_END && bytes[here + 1] === SPACE ? here + 2 : -1;
}

/** `INFO:     ` as uvicorn writes it; `INFO: (…` may be a prefix of vLLM's logging. */
const isAccess = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 73 && bytes[at + 4] === COLON && isAt(ACCESS, bytes, at, at + ACCESS.length);

function opensAny({ first, all }: Openings, bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end || first[bytes[at] ?? 0] === 0) return false;
  for (const { literal, needle } of all)
    if (
      isAt(literal, bytes, at, end) &&
      (needle.length === 0 || holds(needle, bytes, at + literal.length, end))
    )
      return true;
  return false;
}

/** Looks only so far behind the literal as the number in between may be long. */
function holds(needle: Uint8Array, bytes: Uint8Array, from: number, end: number): boolean {
  const limit = Math.min(from + NEEDLE_REACH, end - needle.length);
  for (let at = from; at <= limit; at += 1) if (isAt(needle, bytes, at, end)) return true;
  return false;
}

function isAt(wanted: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < wanted.length) return false;
  for (let index = 0; index < wanted.length; index += 1)
    if (bytes[at + index] !== wanted[index]) return false;
  return true;
}

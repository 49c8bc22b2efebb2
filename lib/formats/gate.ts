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

/** Rules for any file only speak at level ERROR, which the gate lets pass anyway. */
export function gateOf(rules: readonly Rule[]): Gate {
  const byFile = literalsByFile(rules);
  const access = rules
    .filter(({ literal }) => literal.startsWith('INFO:     '))
    .map(({ literal }) => encode(literal));
  return (bytes, start, end) => {
    const at = afterPrefixes(bytes, start, end);
    const level = levelEnd(bytes, at);
    if (level > 0) return headerVerdict(byFile, bytes, level, end);
    return isAccess(bytes, at) && !startsWithAny(access, bytes, at, end) ? BORING : PASS;
  };
}

type Literals = readonly Uint8Array[];

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function literalsByFile(rules: readonly Rule[]): ReadonlyMap<number, Literals> {
  const found = new Map<number, Uint8Array[]>();
  for (const { files, literal } of rules) {
    for (const file of files) {
      const bytes = encode(file);
      const key = hashOf(bytes, 0, bytes.length);
      found.set(key, [...(found.get(key) ?? []), encode(literal)]);
    }
  }
  return found;
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
  byFile: ReadonlyMap<number, Literals>,
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
  byFile: ReadonlyMap<number, Literals>,
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
  const literals = byFile.get(hashOf(bytes, base, colon));
  if (literals === undefined) return BORING_TIMED;
  const message = messageStart(bytes, colon + 1, limit);
  // A message that opens with a bracket may carry a tag: `[backbone] torch.compile took …`.
  if (message < 0 || bytes[message] === BRACKET) return PASS;
  return startsWithAny(literals, bytes, message, end) ? PASS : BORING_TIMED;
}

function messageStart(bytes: Uint8Array, at: number, limit: number): number {
  let here = at;
  while (here < limit && bytes[here] !== BRACKET_END) here += 1;
  return bytes[here] === BRACKET_END && bytes[here + 1] === SPACE ? here + 2 : -1;
}

/** `INFO:     ` as uvicorn writes it. */
const isAccess = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === 73 &&
  bytes[at + 4] === COLON &&
  bytes[at + 5] === SPACE &&
  bytes[at + 9] === SPACE &&
  bytes[at + 1] === 78;

function startsWithAny(literals: Literals, bytes: Uint8Array, at: number, end: number): boolean {
  for (const literal of literals) if (startsWith(literal, bytes, at, end)) return true;
  return false;
}

function startsWith(literal: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < literal.length) return false;
  for (let index = 0; index < literal.length; index += 1)
    if (bytes[at + index] !== literal[index]) return false;
  return true;
}

// An RFC 3339 time at the front of a line, recognised on bytes.
//
// This runs for every line of logs that are gigabytes long, so it compares at
// fixed places and calls nothing. It accepts just what the framings' patterns
// accept: four digits of year to seconds, `T`, an optional fraction, a zone.

const ZERO = 48;
const DASH = 45;
const PLUS = 43;
const DOT = 46;
const COLON = 58;
const CAPITAL_T = 84;
const CAPITAL_Z = 90;
const BLANK = 32;

/** Where the byte after the blank behind the time is; -1 when no such time stands at `start`. */
export function afterRfc3339(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 21 || !hasMarks(bytes, start) || !hasDigits(bytes, start)) return -1;
  const zone = afterFraction(bytes, start + 19, end);
  const blank = bytes[zone] === CAPITAL_Z ? zone + 1 : afterOffset(bytes, zone);
  return blank < end && bytes[blank] === BLANK ? blank + 1 : -1;
}

const hasMarks = (bytes: Uint8Array, at: number): boolean =>
  bytes[at + 10] === CAPITAL_T &&
  bytes[at + 4] === DASH &&
  bytes[at + 7] === DASH &&
  bytes[at + 13] === COLON &&
  bytes[at + 16] === COLON;

/** The fourteen digits of a date and time. */
const hasDigits = (bytes: Uint8Array, at: number): boolean =>
  isDigit(bytes[at]) &&
  isDigit(bytes[at + 1]) &&
  isDigit(bytes[at + 2]) &&
  isDigit(bytes[at + 3]) &&
  isDigit(bytes[at + 5]) &&
  isDigit(bytes[at + 6]) &&
  isDigit(bytes[at + 8]) &&
  isDigit(bytes[at + 9]) &&
  isDigit(bytes[at + 11]) &&
  isDigit(bytes[at + 12]) &&
  isDigit(bytes[at + 14]) &&
  isDigit(bytes[at + 15]) &&
  isDigit(bytes[at + 17]) &&
  isDigit(bytes[at + 18]);

/** At most nine digits behind a dot; `at` itself when there is no dot. A longer fraction leaves a digit behind. */
function afterFraction(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] !== DOT) return at;
  let i = at + 1;
  const limit = Math.min(end, at + 10);
  while (i < limit && isDigit(bytes[i])) i += 1;
  return i === at + 1 ? end : i;
}

/** `+10:00`; a place that holds no blank when it is something else. */
function afterOffset(bytes: Uint8Array, at: number): number {
  const sign = bytes[at];
  const looksRight =
    (sign === PLUS || sign === DASH) &&
    bytes[at + 3] === COLON &&
    isDigit(bytes[at + 1]) &&
    isDigit(bytes[at + 2]) &&
    isDigit(bytes[at + 4]) &&
    isDigit(bytes[at + 5]);
  return looksRight ? at + 6 : Number.MAX_SAFE_INTEGER;
}

/** One comparison: what is below `0` wraps around to something big. */
const isDigit = (byte: number | undefined): boolean => ((byte ?? 0) - ZERO) >>> 0 <= 9;

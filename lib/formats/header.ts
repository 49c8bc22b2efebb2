// The headers that programs' logging puts in front of a message.

import { type Duration, duration, SECOND } from '../base/instant.ts';
import { NOBODY, type ProgramClock, type RecordHeader } from '../model/line.ts';

export interface Headed {
  readonly header: RecordHeader;
  readonly message: string;
}

type Groups = Readonly<Record<string, string | undefined>>;

const LEVEL = '(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL)';
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)(?:[.,](?<fraction>\\d{1,9}))?';
const DATE = '(?<year>\\d{4})-(?<month>\\d\\d)-(?<day>\\d\\d)';
const FILE = '(?<file>[\\w./-]{1,200}\\.(?:py|rs|cpp|cc|h)):\\d{1,6}';

/**
 * `INFO 11-22 01:44:03 [core.py:61] message`. The bracket is missing up to
 * 0.7.3, the path is longer at DEBUG, the date is absent in some copies, NIM
 * adds milliseconds that are not padded (`22:28:15.16` is .016).
 */
const DATED = new RegExp(
  `^${LEVEL} (?:(?<year>\\d{4})-)?(?<month>\\d\\d)-(?<day>\\d\\d)[ T]${TIME} \\[?${FILE}\\](?: |$)`,
);
const UNDATED = new RegExp(`^${LEVEL} \\[${FILE}\\](?: |$)`);

/** What follows a full date. The order matters: the last ones are the loosest. */
const FULL_DATE: readonly RegExp[] = [
  // Ray: `2026-11-22 01:34:40,562<tab>INFO scripts.py:1047 -- message`; its command line has levels of its own.
  new RegExp(`^${DATE} ${TIME}[\\t ](?:${LEVEL}|(?<letter>SUCC|VINFO|WARN|ERR|PANIC)) ${FILE} -- `),
  // FlashInfer: `2026-03-08 16:44:29,692 - INFO - autotuner.py:262 - flashinfer.jit: message`
  new RegExp(`^${DATE} ${TIME} - ${LEVEL} - ${FILE} - (?<logger>[\\w.]{1,100}): `),
  // logging.basicConfig: `2026-07-17 13:13:30,298 - name - INFO - message`
  new RegExp(`^${DATE} ${TIME} - (?<logger>[\\w.-]{1,100}) - ${LEVEL} - `),
  // `2026-07-17 13:13:30,298 | INFO | message`
  new RegExp(`^${DATE} ${TIME} \\| ${LEVEL} {0,8}\\| `),
  // A custom vLLM configuration: `2026-07-17 13:13:30,298 INFO [core.py:61] message`
  new RegExp(`^${DATE}[ T]${TIME} ${LEVEL} \\[?${FILE}\\] `),
  // kserve: `2024-09-25 14:52:21.123 uvicorn.error INFO:     message`
  new RegExp(`^${DATE} ${TIME} (?:\\d{1,8} )?(?<logger>[a-z_][\\w.]{0,100}) ${LEVEL}: {1,6}`),
  // `2026-07-17 13:13:30,298 INFO message`
  new RegExp(`^${DATE} ${TIME} ${LEVEL} {1,6}(?! )`),
];

const BRACKETED: readonly RegExp[] = [
  // Ray's C++ side: `[2026-03-01 22:48:01,851 W 6578 6578] rpc_client.h:153: message`
  new RegExp(
    `^\\[${DATE} ${TIME} (?<letter>[DIWEFC]) \\d{1,10} \\d{1,10}\\] (?:\\([\\w-]{1,40}\\) )?${FILE}: `,
  ),
  // LMCache: `[2025-10-08 06:07:53,528] LMCache INFO: message`
  new RegExp(`^\\[${DATE} ${TIME}\\] (?<logger>LMCache[\\w.]{0,40}) ${LEVEL}: `),
  // torch's C++ side: `[W1122 01:01:04.348559829 utils.cpp:68] Warning: message`, in August `[W818 …`
  new RegExp(`^\\[(?<letter>[DIWEF])(?<month>\\d{1,2})(?<day>\\d\\d) ${TIME} ${FILE}\\] `),
];

const LETTERS: Readonly<Record<string, string>> = {
  D: 'DEBUG',
  I: 'INFO',
  W: 'WARNING',
  E: 'ERROR',
  C: 'CRITICAL',
  F: 'CRITICAL',
  SUCC: 'INFO',
  VINFO: 'DEBUG',
  WARN: 'WARNING',
  ERR: 'ERROR',
  PANIC: 'CRITICAL',
};

/** The header at the start of the text and what follows it; undefined when there is none. */
export function parseHeader(text: string): Headed | undefined {
  const found = firstOf(candidates(text), text);
  if (found?.groups === undefined) return undefined;
  return { header: headerOf(found.groups), message: text.slice(found[0].length) };
}

function candidates(text: string): readonly RegExp[] {
  const first = text.charCodeAt(0);
  if (first === 91) return BRACKETED;
  return first >= 48 && first <= 57 ? FULL_DATE : LEVELLED;
}

const LEVELLED: readonly RegExp[] = [DATED, UNDATED];

function firstOf(patterns: readonly RegExp[], text: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found !== null) return found;
  }
  return undefined;
}

function headerOf(groups: Groups): RecordHeader {
  const clock = clockOf(groups);
  const level = groups['level'] ?? LETTERS[groups['letter'] ?? ''] ?? '';
  const header = {
    speaker: NOBODY,
    level,
    file: baseName(groups['file'] ?? ''),
    logger: groups['logger'] ?? '',
  };
  return clock === undefined ? header : { ...header, clock };
}

/** `v1/engine/core.py` → `core.py`. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function clockOf(groups: Groups): ProgramClock | undefined {
  const [month, day, hour, minute, second] = CLOCK_PARTS.map((name) => Number(groups[name]));
  if (!within(month, 1, 12) || !within(day, 1, 31)) return undefined;
  if (!within(hour, 0, 23) || !within(minute, 0, 59) || !within(second, 0, 60)) return undefined;
  const clock = { month, day, hour, minute, second, ...fractionOf(groups['fraction'] ?? '') };
  return groups['year'] === undefined ? clock : { year: Number(groups['year']), ...clock };
}

const CLOCK_PARTS = ['month', 'day', 'hour', 'minute', 'second'] as const;

/** False for what was not printed: NaN. */
const within = (value: number | undefined, least: number, most: number): value is number =>
  value !== undefined && value >= least && value <= most;

/** Up to three digits are a count of milliseconds (NIM does not pad them), more are a decimal fraction. */
function fractionOf(digits: string): { readonly nanosecond: number; readonly precision: Duration } {
  if (digits === '') return { nanosecond: 0, precision: SECOND };
  if (digits.length <= 3) return { nanosecond: Number(digits) * 1_000_000, precision: duration(1_000_000n) };
  return { nanosecond: Number(digits.padEnd(9, '0')), precision: duration(10n ** BigInt(9 - digits.length)) };
}

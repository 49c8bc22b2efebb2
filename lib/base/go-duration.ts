// Durations as Go prints them: `1m55.516263773s`, `413.407486ms`, `180ms`, `1h2m3s`.

import { type Duration, duration } from './instant.ts';

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const WHOLE = /^-?(?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|µs|μs|ms|s|m|h)){1,4}$/;
const PART = /(\d{1,9})(?:\.(\d{1,9}))?(ns|us|µs|μs|ms|s|m|h)/g;

/** Exact: no digit is lost. Undefined when the text is not a Go duration. */
export function parseGoDuration(text: string): Duration | undefined {
  if (!WHOLE.test(text)) return undefined;
  let total = 0n;
  for (const [, whole = '0', fraction = '', unit = 's'] of text.matchAll(PART)) {
    const scale = UNITS[unit] ?? 1n;
    total += BigInt(whole) * scale + (BigInt(fraction.padEnd(9, '0')) * scale) / 1_000_000_000n;
  }
  return duration(text.startsWith('-') ? -total : total);
}

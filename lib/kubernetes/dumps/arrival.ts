// When a watch line came in.

import { type Instant, instant } from '../../base/instant.ts';

/** JSON.parse would round it: 19 digits are more than a number holds. */
const ARRIVAL = /^\s{0,20}\{\s{0,20}"arrival_ns"\s{0,8}:\s{0,8}"?(?<digits>\d{1,19})\b/;

/** `{"arrival_ns":1795311699093789501,…`: the first member, as recorders and coldtrace itself write it. */
export function arrivalIn(text: string): Instant | undefined {
  const digits = ARRIVAL.exec(text)?.groups?.['digits'];
  return digits === undefined ? undefined : instant(BigInt(digits));
}

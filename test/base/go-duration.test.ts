// Durations as Go prints them, to the last digit.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGoDuration } from '../../lib/base/go-duration.ts';

describe('parseGoDuration', () => {
  it.each([
    ['1m55.516263773s', 115_516_263_773n],
    ['413.407486ms', 413_407_486n],
    ['180ms', 180_000_000n],
    ['1h2m3s', 3_723_000_000_000n],
    ['0s', 0n],
    ['2µs', 2_000n],
    ['2μs', 2_000n],
    ['2us', 2_000n],
    ['1.5h', 5_400_000_000_000n],
    ['-3s', -3_000_000_000n],
    ['7ns', 7n],
  ])('%s', (text, nanoseconds) => expect(parseGoDuration(text)).toBe(nanoseconds));

  it.each(['', 's', '1', '1 s', '1s ', '1.s', '.5s', '1d', '1s,2s', '+1s', '1e3s', '--1s'])(
    'not one: %j',
    (text) => expect(parseGoDuration(text)).toBeUndefined(),
  );

  it('reads back what Go would print', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 86_400_000_000_000n }), (total) => {
        const [hours, minutes, rest] = [
          total / 3_600_000_000_000n,
          (total / 60_000_000_000n) % 60n,
          total % 60_000_000_000n,
        ];
        const seconds = `${rest / 1_000_000_000n}.${String(rest % 1_000_000_000n).padStart(9, '0')}`;
        expect(parseGoDuration(`${hours}h${minutes}m${seconds}s`)).toBe(total);
      }),
    );
  });
});

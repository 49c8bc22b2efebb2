// When the bar is drawn and what is left of it.

import { expect, it } from 'vitest';
import { type Instant, instant } from '../../lib/base/instant.ts';
import { progressBar } from '../../lib/draw-progress.ts';

function drawnAt(moments: readonly number[]): readonly string[] {
  const texts: string[] = [];
  let now: Instant = instant(0n);
  const bar = progressBar({ now: () => now, write: (text) => texts.push(text), width: 80, ascii: true });
  for (const ms of moments) {
    now = instant(BigInt(ms) * 1_000_000n);
    bar.update({ bytesDone: 500, bytesTotal: 1000, files: 1, file: 'main.log' });
  }
  bar.clear();
  return texts;
}

it('nothing within the first half second, not even an erased line', () => {
  expect(drawnAt([1, 100, 499])).toEqual([]);
});

it('then at most ten times a second, and erased in the end', () => {
  const texts = drawnAt([500, 510, 599, 600, 700]);
  expect(texts).toHaveLength(4);
  expect(texts[0]).toBe('\r\u001b[K##########..........   50%  500 B of 1.0 kB  1.0 kB/s  1s left  main.log');
  expect(texts.at(-1)).toBe('\r\u001b[K');
});

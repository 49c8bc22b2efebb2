// Lengths of time and what is known about them.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, SECOND, seconds } from '../../lib/base/instant.ts';
import { clipMiddle, columnsOf, wrap } from '../../lib/reports/columns.ts';
import { lengthText, percentText, spanText } from '../../lib/reports/words.ts';
import { moment as at } from '../moments.ts';
import { strange } from './arbitrary.ts';

describe('lengthText', () => {
  it.each([
    [0, '0s'],
    [0.034, '0.034s'],
    [9.9996, '10.0s'],
    [12, '12s'],
    [61.23, '61.2s'],
    [999.96, '16m40s'],
    [3723, '1h02m03s'],
    [-1.5, '-1.500s'],
  ])('%d s', (length, text) => {
    expect(lengthText(seconds(length))).toBe(text);
  });

  it('a nanosecond is not zero', () => {
    expect(lengthText(duration(1n))).toBe('0.000s');
  });
});

describe('spanText', () => {
  it.each([
    ['both ends exact', at(1), at(3.5), 'observed', '2.500s'],
    [
      'whole seconds at both ends: the second at the end counts',
      at(1, SECOND),
      at(3, SECOND),
      'observed',
      '≤3s',
    ],
    ['in the same second', at(1, SECOND), at(1, SECOND), 'observed', '≤1s'],
    ['whole seconds at the start only', at(1, SECOND), at(3.5), 'observed', '≤2.500s'],
    ['derived', at(1, SECOND), at(13.34, SECOND), 'derived', '~12.3s'],
    ['open', at(1), at(3.5), 'open', '…2.500s'],
  ] as const)('%s', (_name, start, end, certainty, text) => {
    expect(spanText({ start, end }, certainty)).toBe(text);
  });
});

it.each([
  [1, '100%'],
  [0.9999, '99%'],
  [0.57, '57%'],
  [0, '0%'],
])('percentText(%d)', (share, text) => {
  expect(percentText(share)).toBe(text);
});

describe('wrap', () => {
  it('property: never wider, and nothing but blanks is lost', () => {
    fc.assert(
      fc.property(strange, fc.integer({ min: 12, max: 100 }), (text, width) => {
        const lines = wrap(text, { width, first: '> ' });
        expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
        expect(
          lines
            .map((line) => line.slice(2))
            .join('')
            .replace(/\s/g, ''),
        ).toBe(text.replace(/\s/g, ''));
      }),
    );
  });
});

it('clipMiddle keeps both ends of a name', () => {
  expect(clipMiddle('llama-70b-7c9d8b6f5d-x2x9z', 12)).toBe('lla…5d-x2x9z');
  expect(clipMiddle('模型模型模型-x2x9z', 10)).toBe('模…-x2x9z');
  expect(clipMiddle('short', 12)).toBe('short');
  expect([0, 1, 2].map((columns) => clipMiddle('llama', columns))).toEqual(['', '…', '…a']);
});

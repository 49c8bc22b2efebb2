// Sharing changes what is held, never what is said.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valuePool } from '../../lib/base/value-pool.ts';

const copyOf = <T>(value: T): T => structuredClone(value);

const anyValue = fc.object({
  maxDepth: 4,
  values: [fc.string(), fc.integer(), fc.boolean(), fc.bigInt(), fc.constant(undefined), fc.constant(null)],
});

describe('valuePool', () => {
  it('property: what a holder says stays the same, whatever was held before', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 8 }), (holders) => {
        const pool = valuePool();
        const before = holders.map(copyOf);
        for (const holder of holders) pool.shareIn(holder, new Set(['when']));
        expect(holders).toEqual(before);
      }),
    );
  });

  it('equal members become one', () => {
    const pool = valuePool();
    const make = () => ({ status: [{ type: 'Ready', at: { at: 7n, precision: 1n } }], labels: { app: 'a' } });
    const [first, second] = [make(), make()];
    pool.shareIn(first);
    pool.shareIn(second);
    expect(second.status).toBe(first.status);
    expect(second.labels).toBe(first.labels);
  });

  it.each([
    ['a number and its text', { in: { a: 1 } }, { in: { a: '1' } }],
    ['a number and the same as a bigint', { in: { a: 1 } }, { in: { a: 1n } }],
    ['a list and an object', { in: ['x'] }, { in: { 0: 'x' } }],
    ['undefined and its word', { in: { a: undefined } }, { in: { a: 'undefined' } }],
    ['other keys', { in: { a: 'x' } }, { in: { b: 'x' } }],
    ['a member that is not there', { in: {} }, { in: { a: undefined } }],
  ])('different members stay apart: %s', (_, first, second) => {
    const pool = valuePool();
    pool.shareIn(first);
    pool.shareIn(second);
    expect<unknown>(second.in).not.toBe(first.in);
  });

  it('members that are named are left alone', () => {
    const pool = valuePool();
    const [first, second] = [{ seen: { line: 1 } }, { seen: { line: 1 } }];
    for (const one of [first, second]) pool.shareIn(one, new Set(['seen']));
    expect(second.seen).not.toBe(first.seen);
  });
});

// Where series ended: two that send at once, a damaged file, and more series than are remembered.

import { describe, expect, it } from 'vitest';
import type { KnownSeries } from '../../lib/ledger/series-ends.ts';
import { keepSeries, readSeries } from '../../lib/ledger/series-ends.ts';
import { aLedger, second, type TestLedger } from './a-ledger.ts';
import { memoryStore } from './memory-store.ts';

async function known(ledger: TestLedger): Promise<KnownSeries> {
  const read = await readSeries(ledger, 'there');
  if (read.status !== 'known') throw new Error(read.status);
  return read;
}

describe('series', () => {
  it('nothing is known at first: a series begins now', async () => {
    const ledger = aLedger();
    expect(await known(ledger)).toMatchObject({ since: second(0), ends: new Map(), tag: undefined });
  });

  it('what was kept is read again, and since stays', async () => {
    const ledger = aLedger();
    await keepSeries(ledger, 'there', { known: await known(ledger), ends: new Map([['a', second(5)]]) });
    ledger.clock = second(60);
    const read = await known(ledger);
    expect([read.since, read.ends]).toEqual([second(0), new Map([['a', second(5)]])]);
    await keepSeries(ledger, 'there', { known: read, ends: new Map([['b', second(60)]]) });
    expect((await known(ledger)).ends).toEqual(
      new Map([
        ['b', second(60)],
        ['a', second(5)],
      ]),
    );
  });

  it('of two that send at once the second may not', async () => {
    const ledger = aLedger();
    const both = await known(ledger);
    const first = await keepSeries(ledger, 'there', { known: both, ends: new Map([['a', second(5)]]) });
    const other = ledger.as('run-2');
    expect(first.status).toBe('known');
    expect(await keepSeries(other, 'there', { known: both, ends: new Map([['a', second(6)]]) })).toEqual({
      status: 'conflict',
    });
    expect((await known(ledger)).ends).toEqual(new Map([['a', second(5)]]));
  });

  it('a corrupt file: every series begins now, so that nothing overlaps, and its bytes are kept', async () => {
    const store = memoryStore();
    const ledger = aLedger('run-1', store);
    await keepSeries(ledger, 'there', { known: await known(ledger), ends: new Map([['a', second(5)]]) });
    for (const key of store.objects.keys()) store.objects.set(key, Buffer.from('{'));
    ledger.clock = second(90);
    const read = await known(ledger);
    expect([read.since, read.ends.size]).toEqual([second(90), 0]);
    expect([...store.objects.keys()].some((key) => key.startsWith('v1/quarantine/'))).toBe(true);
    const kept = await keepSeries(ledger, 'there', { known: read, ends: new Map([['a', second(91)]]) });
    expect(kept.status).toBe('known');
  });

  it('a forgotten series begins where the last forgotten one ended, so that it does not overlap itself', async () => {
    const ledger = aLedger();
    const ends = new Map([1, 2, 3, 4].map((n) => [`series ${n}`, second(n)] as const));
    await keepSeries(ledger, 'there', { known: await known(ledger), ends, most: 2 });
    const read = await known(ledger);
    expect([...read.ends.keys()]).toEqual(['series 4', 'series 3']);
    expect(read.since).toBe(second(2));
  });
});
